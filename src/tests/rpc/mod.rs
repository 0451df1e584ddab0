//! gRPC: the services, their gates, the listener, and the gateway of one server to another's.

mod gateway;
mod imports;
mod listener;
mod studies;
mod subjects;
mod who_may;
