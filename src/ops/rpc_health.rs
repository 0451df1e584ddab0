//! The health of the services, as `grpc.health.v1` tells it: what `/readyz` says.

use super::health::is_ready;
use crate::error::AppError;
use crate::server::App;
use futures_util::stream::{self, Stream};
use std::pin::Pin;
use std::time::Duration;
use tonic::{Request, Response, Status, async_trait};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_server::{Health, HealthServer};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

/// The interval between looks for those who watch.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

pub struct Healthy {
    app: App,
    services: &'static [String],
}

/// Returns the service that tells of these.
pub fn service(app: &App, services: &'static [String]) -> HealthServer<impl Health> {
    HealthServer::new(Healthy {
        app: app.clone(),
        services,
    })
}

impl Healthy {
    /// Returns true for a service that is here; the empty name is the whole server's.
    fn knows(&self, name: &str) -> bool {
        name.is_empty() || self.services.iter().any(|service| service == name)
    }
}

async fn look_at(app: &App) -> HealthCheckResponse {
    let status = match is_ready(app).await {
        true => ServingStatus::Serving,
        false => ServingStatus::NotServing,
    };
    HealthCheckResponse {
        status: status.into(),
    }
}

type Told = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

#[async_trait]
impl Health for Healthy {
    type WatchStream = Told;

    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        if !self.knows(&request.get_ref().service) {
            return Err(AppError::not_found("thing").into());
        }
        Ok(Response::new(look_at(&self.app).await))
    }

    /// Tells at once, and again whenever it is another; until the server stops.
    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Told>, Status> {
        if !self.knows(&request.get_ref().service) {
            let unknown = HealthCheckResponse {
                status: ServingStatus::ServiceUnknown.into(),
            };
            return Ok(Response::new(Box::pin(stream::iter([Ok(unknown)]))));
        }
        let looks = stream::unfold((self.app.clone(), None), |(app, said)| async move {
            if app.is_draining() && said == Some(ServingStatus::NotServing.into()) {
                return None;
            }
            let mut answer = look_at(&app).await;
            while said == Some(answer.status) {
                tokio::time::sleep(BETWEEN_LOOKS).await;
                answer = look_at(&app).await;
            }
            Some((Ok(answer), (app, Some(answer.status))))
        });
        Ok(Response::new(Box::pin(looks)))
    }
}
