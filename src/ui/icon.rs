//! Icons: one stroked path each, on a grid of 24, in the colour of the text.

use leptos::prelude::*;

/// A picture beside words, or instead of them where the control has a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    ArrowLeft,
    ArrowRight,
    Board,
    Box,
    Calendar,
    Cart,
    Check,
    CheckCircle,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    ChevronUp,
    Clock,
    Close,
    Edit,
    External,
    Filter,
    Flag,
    Image,
    Info,
    Key,
    Keyboard,
    List,
    Lock,
    Logout,
    Menu,
    Minus,
    Monitor,
    Moon,
    More,
    Plus,
    Search,
    Settings,
    Sort,
    Star,
    Sun,
    Tag,
    Trash,
    Undo,
    Upload,
    User,
    Users,
    Wallet,
    Warning,
}

impl Icon {
    /// Every icon, for the specimen page.
    pub const ALL: [Self; 44] = [
        Self::ArrowLeft,
        Self::ArrowRight,
        Self::Board,
        Self::Box,
        Self::Calendar,
        Self::Cart,
        Self::Check,
        Self::CheckCircle,
        Self::ChevronDown,
        Self::ChevronLeft,
        Self::ChevronRight,
        Self::ChevronUp,
        Self::Clock,
        Self::Close,
        Self::Edit,
        Self::External,
        Self::Filter,
        Self::Flag,
        Self::Image,
        Self::Info,
        Self::Key,
        Self::Keyboard,
        Self::List,
        Self::Lock,
        Self::Logout,
        Self::Menu,
        Self::Minus,
        Self::Monitor,
        Self::Moon,
        Self::More,
        Self::Plus,
        Self::Search,
        Self::Settings,
        Self::Sort,
        Self::Star,
        Self::Sun,
        Self::Tag,
        Self::Trash,
        Self::Undo,
        Self::Upload,
        Self::User,
        Self::Users,
        Self::Wallet,
        Self::Warning,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::ArrowLeft => "M20 12H4M10 6l-6 6 6 6",
            Self::ArrowRight => "M4 12h16M14 6l6 6-6 6",
            Self::Board => {
                "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM9.5 4v16M14.5 4v16"
            }
            Self::Box => {
                "M12 3l8 4.2v9.6L12 21l-8-4.2V7.2L12 3zM4.2 7.3L12 11.5l7.8-4.2M12 11.5V21"
            }
            Self::Calendar => {
                "M5.5 5.5h13A1.5 1.5 0 0 1 20 7v11.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5V7a1.5 1.5 0 0 1 1.5-1.5zM4 10h16M8.5 3v4M15.5 3v4"
            }
            Self::Cart => {
                "M2.5 4h2.6l2.2 11.2a1.3 1.3 0 0 0 1.3 1h8.7a1.3 1.3 0 0 0 1.3-1L20.5 8H6M9.5 20h.01M17 20h.01"
            }
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::CheckCircle => {
                "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.2 12.3l2.6 2.6 5-5.4"
            }
            Self::ChevronDown => "M6 9.5l6 6 6-6",
            Self::ChevronLeft => "M14.5 6l-6 6 6 6",
            Self::ChevronRight => "M9.5 6l6 6-6 6",
            Self::ChevronUp => "M6 14.5l6-6 6 6",
            Self::Clock => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Edit => {
                "M4 20l1-4.5L16.2 4.3a1.8 1.8 0 0 1 2.6 0l.9.9a1.8 1.8 0 0 1 0 2.6L8.5 19 4 20zM14 6.5l3.5 3.5"
            }
            Self::External => {
                "M13.5 4.5h6v6M19.5 4.5L11 13M10 5.5H6A1.5 1.5 0 0 0 4.5 7v11A1.5 1.5 0 0 0 6 19.5h11a1.5 1.5 0 0 0 1.5-1.5v-4"
            }
            Self::Filter => "M4 6h16M7 12h10M10 18h4",
            Self::Flag => "M5.5 21V4M5.5 4.5c4-2 6.5 2 13 0v9c-6.5 2-9-2-13 0",
            Self::Image => {
                "M5.5 4.5h13A1.5 1.5 0 0 1 20 6v12a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18V6a1.5 1.5 0 0 1 1.5-1.5zM4.5 17L9 12.5l3.5 3.5 2.5-2.5 4.5 4.5M15.5 8.8h.01"
            }
            Self::Info => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5M12 8h.01",
            Self::Key => "M15.5 4a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM12.2 11.8L4 20M7 17l2.5 2.5",
            Self::Keyboard => {
                "M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6zM7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8 14h8"
            }
            Self::List => "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01",
            Self::Lock => {
                "M6.5 10.5h11A1.5 1.5 0 0 1 19 12v7a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 19v-7a1.5 1.5 0 0 1 1.5-1.5zM8 10.5V8a4 4 0 0 1 8 0v2.5"
            }
            Self::Logout => {
                "M14 4.5H6.5A1.5 1.5 0 0 0 5 6v12a1.5 1.5 0 0 0 1.5 1.5H14M10.5 12H21M17 8l4 4-4 4"
            }
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Minus => "M5 12h14",
            Self::Monitor => {
                "M4.5 4.5h15A1.5 1.5 0 0 1 21 6v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 15V6a1.5 1.5 0 0 1 1.5-1.5zM12 16.5v4M8.5 20.5h7"
            }
            Self::Moon => "M20 14.2A8.2 8.2 0 0 1 9.8 4 8.2 8.2 0 1 0 20 14.2z",
            Self::More => "M6 12h.01M12 12h.01M18 12h.01",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Search => "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.2 16.2l4.3 4.3",
            Self::Settings => {
                "M4 7h9M17 7h3M4 17h3M11 17h9M15 5a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM9 15a2 2 0 1 0 0 4 2 2 0 0 0 0-4z"
            }
            Self::Sort => "M8 5v14M4.5 15.5L8 19l3.5-3.5M16 19V5M12.5 8.5L16 5l3.5 3.5",
            Self::Star => {
                "M12 3.8l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8L12 3.8z"
            }
            Self::Sun => {
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"
            }
            Self::Tag => {
                "M3.5 4.5v7.2l8.6 8.6a1.5 1.5 0 0 0 2.1 0l6.1-6.1a1.5 1.5 0 0 0 0-2.1L11.7 3.5H4.5a1 1 0 0 0-1 1zM8 8h.01"
            }
            Self::Trash => {
                "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 11.6a1.5 1.5 0 0 0 1.5 1.4h6.4a1.5 1.5 0 0 0 1.5-1.4L17.5 7M10 11v5M14 11v5"
            }
            Self::Undo => "M8.5 4.5L4 9l4.5 4.5M4 9h9.5a5.5 5.5 0 0 1 0 11H9",
            Self::Upload => "M12 16V4.5M7 9.5l5-5 5 5M4.5 16v3a1 1 0 0 0 1 1h13a1 1 0 0 0 1-1v-3",
            Self::User => {
                "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.8-3.6 3.7-5.5 7.5-5.5s6.7 1.9 7.5 5.5"
            }
            Self::Users => {
                "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 19.5c.6-3 3-4.7 6.5-4.7s5.9 1.7 6.5 4.7M15.5 5.2a3.5 3.5 0 0 1 0 6.6M18 15.2c1.9.7 3.1 2.2 3.5 4.3"
            }
            Self::Wallet => {
                "M17.5 7.5V5.8a1.3 1.3 0 0 0-1.6-1.3L5 7M5.5 7.5h13A1.5 1.5 0 0 1 20 9v9.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5V8.2M20 11.5h-3.5a2 2 0 0 0 0 4.5H20M16.7 13.75h.01"
            }
            Self::Warning => "M12 4.5l8.5 15h-17l8.5-15zM12 10.5v4M12 17h.01",
        }
    }
}

/// An icon, hidden from screen readers: the words beside it, or the control's label, speak for it.
#[component]
pub fn IconView(icon: Icon) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            width="20"
            height="20"
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=icon.path()></path>
        </svg>
    }
}
