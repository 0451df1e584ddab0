//! Studies by gRPC: the services, and the gateway to another server's.

mod gateway;
mod imports;
mod messages;
mod plain;
mod subjects;

pub use gateway::{Caller, SubjectGateway};

use crate::server::App;
use crate::server::rpc::proto::subject::subject_rpc_server::SubjectRpcServer;
use crate::server::rpc::proto::v1::subject_service_server::SubjectServiceServer;
use plain::PlainSubjects;
use subjects::Subjects;
use tonic::service::Routes;

/// Adds the services of studies.
pub fn add_services(routes: Routes, app: &App) -> Routes {
    routes
        .add_service(SubjectServiceServer::new(Subjects(app.clone())))
        .add_service(SubjectRpcServer::new(PlainSubjects(app.clone())))
}
