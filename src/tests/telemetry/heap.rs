//! Profiles of the heap, in a build that has the allocator for them.

use super::profiles::{ask, profiled};
use flate2::read::GzDecoder;
use std::io::Read;

#[tokio::test]
async fn the_heap_is_profiled_by_those_who_asked_for_it() {
    let (_server, metrics) = profiled().await;
    for (path, figure) in [("heap", "inuse_space"), ("allocs", "alloc_space")] {
        let (head, body) = ask(metrics, &format!("/debug/pprof/{path}")).expect("a profile");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let mut text = Vec::new();
        GzDecoder::new(&*body).read_to_end(&mut text).expect("gzip");
        let text = String::from_utf8_lossy(&text);
        assert!(
            text.contains(figure) && text.contains("guildhall::"),
            "{path}"
        );
    }
}
