//! Build script: compiles us again when a migration comes, which `sqlx::migrate!` alone does not see.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
