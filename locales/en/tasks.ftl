### Tasks: lists, boards, the task itself.

## What several pages show

tasks-tasks = Tasks
tasks-task = Task
tasks-mine = My tasks
tasks-all = All tasks
tasks-tab-all = All
tasks-boards = Boards
tasks-board = Board
tasks-column = Column
tasks-title = Title
tasks-description = Description
tasks-priority = Priority
tasks-labels = Labels
tasks-assignee = Assignee
tasks-due = Due
tasks-nobody = Nobody
tasks-none = None
tasks-new = New task
tasks-cancel = Cancel
tasks-complete = Complete
tasks-complete-task = Complete: { $title }
tasks-undo = Undo
tasks-refused = Nothing was changed

## Priorities

tasks-priority-none = No priority
tasks-priority-low = Low
tasks-priority-medium = Medium
tasks-priority-high = High
tasks-priority-urgent = Urgent
tasks-priority-unknown = Choose none, low, medium, high or urgent.

## Due dates

tasks-due-overdue = Overdue
tasks-due-today = Today
tasks-due-week = Within a week
tasks-due-none = No date
tasks-due-unknown = Choose overdue, today, week or none.
tasks-due-overdue-said = Overdue:{ " " }
tasks-due-today-said = Today:{ " " }
tasks-due-form = Write a date such as 2026-11-30, or a time such as 2026-11-30T17:00:00Z.

## The order of a list

tasks-sort-due = Due date
tasks-sort-priority = Priority
tasks-sort-newest = Newest
tasks-sort-updated = Last updated
tasks-sort-position = Place on the board
tasks-sort-unknown = Choose due, priority, newest, updated or position.

## The list

tasks-quick-add = Add a task: Call Mei !high #shop tomorrow
tasks-quick-add-submit = Add
tasks-no-boards-advice = Tasks live on boards.
tasks-no-boards-new = Create the first board
tasks-pages = Pages of tasks
tasks-none-match = Nothing matches
tasks-none-match-advice = Loosen a filter.
tasks-show-all = Show everything
tasks-empty = No tasks yet
tasks-empty-all-advice = Add the first task in the line above.
tasks-empty-mine-advice = Nothing waits for you. Add a task in the line above, or take one from a board.

## Filters

tasks-filter = Filter
tasks-clear = Clear
tasks-filter-text = Text
tasks-filter-label = Label
tasks-filter-sort = Sort by
tasks-filter-done = Show done
tasks-filter-any = Any
tasks-filter-any-time = Any time
tasks-filter-me = Me
tasks-filter-anybody = Anybody
tasks-person-me = { $name } (me)
tasks-not-an-id = This is not an id.
tasks-choose = Choose one of the list.

## What a line of quick add became

tasks-added = Added: { $title }. { $place }
tasks-place = { $board }, { $column }
tasks-added-for = for { $name }
tasks-added-due = due { $at }
tasks-added-left = @{ $name } is part of the title: { $why }.
tasks-name-unknown = nobody is called that
tasks-name-ambiguous = more than one person is called that

## The boards

tasks-boards-empty = No boards yet
tasks-boards-empty-advice = A board holds the tasks of one team or one piece of work. Create the first below.
tasks-board-own = My board
tasks-board-of = Tasks of { $owner }
tasks-board-own-empty = No board yet
tasks-board-own-empty-advice = You get a board of your own with your first task.
tasks-board-own-empty-add = Add a task
tasks-board-new = New board
tasks-board-new-advice = It starts with the columns To do, Doing and Done; you can change them.
tasks-board-new-submit = Create board
tasks-board-new-done = Board { $board } created.
tasks-column-todo = To do
tasks-column-doing = Doing
tasks-column-done = Done

## A board

tasks-board-region = Board { $board }
tasks-column-show-all = Show all
tasks-column-add-card = Add to { $column }
tasks-move-to = Move to { $column }: { $title }
tasks-move-up = Move up: { $title }
tasks-move-down = Move down: { $title }

## Board settings

tasks-board-settings = Board settings
tasks-board-settings-advice = A column can go once no task is in it. The column of finished tasks stays.
tasks-board-rename = Rename board
tasks-board-rename-done = The board is called { $board } now.
tasks-board-rename-own = A customer's board is called after them.
tasks-column-of = Column { $column }
tasks-column-new = New column
tasks-column-add = Add column
tasks-column-add-done = The column is added.
tasks-column-rename = Rename
tasks-column-rename-done = The column is renamed.
tasks-column-remove = Remove
tasks-column-remove-done = The column { $column } is removed.
tasks-columns-too-many = A board has at most { $most } columns.
tasks-column-needed = { $column } stays: a board has a column for finished tasks and one for others.
tasks-column-in-use = { $count ->
    [one] There is still a task in { $column }. Move it out first.
   *[other] There are still { $count } tasks in { $column }. Move them out first.
}

## A task

tasks-edit = Edit
tasks-delete = Delete
tasks-reopen = Reopen
tasks-facts = Details
tasks-no-description = No description.
tasks-created-by = Created by
tasks-created = Created
tasks-updated = Updated
tasks-assign = Assign
tasks-assign-me = Assign to me
tasks-assign-done = The task is assigned.
tasks-assign-done-me = The task is yours.
tasks-assign-done-nobody = The task is nobody's now.
tasks-complete-done = Done: { $title }
tasks-reopen-done = Reopened: { $title }
tasks-delete-done = Deleted: { $title }
tasks-restore-done = Restored: { $title }

## Creating and editing a task

tasks-new-submit = Create task
tasks-new-done = Task created.
tasks-edit-title = Edit: { $title }
tasks-edit-heading = Edit task
tasks-save = Save
tasks-edit-done = The task is saved.
tasks-description-hint = Markdown: **bold**, - lists, [links](https://example.com).
tasks-due-on = Due on (UTC)
tasks-due-at = Due at (UTC)
tasks-due-at-hint = Left empty, the end of the day.
tasks-labels-hint = Up to ten, with commas between them.
tasks-both = Both versions are here
tasks-both-advice = Nothing you typed is lost, and what you did not touch is as it is saved now. Take what you want to keep from the saved version, then save yours over it.
tasks-both-saved = Saved in the meantime
tasks-both-yours = Your version
tasks-both-save = Save my version

## Rules

tasks-title-missing = Write what is to be done.
tasks-title-needed = A task needs a title.
tasks-board-name-missing = Write the board's name.
tasks-column-name-missing = Write the column's name.
tasks-label-comma = A label has no commas.
tasks-label-fault = { $label }: { $fault }
tasks-labels-too-many = A task has at most 10 labels.
tasks-board-missing = There is no board yet. Create one first.
tasks-board-unknown = Choose a board that is there.
tasks-column-unknown = Choose a column of the board: { $columns }.
tasks-column-gone = The column was removed in the meantime.
tasks-place-needed = A task is always somewhere.
tasks-position-range = A place is a number from -{ $most } to { $most }.
tasks-position-gone = The card beside it was moved away in the meantime.
tasks-position-no-room = There is no room left beside this card, and too many cards stand close to it. Put it first or last in the column, or give some of the others another place.
tasks-version-missing = Send the version of the task that you changed.
tasks-of-the-house = This task is on a board of the house. You can work on it, and staff can take it away.
tasks-assignee-own = You can take a task yourself or leave it to nobody.
tasks-assignee-unknown = Choose somebody with an account in use.
