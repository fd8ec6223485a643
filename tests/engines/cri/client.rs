//! Speaking CRI to a runtime.

use std::path::Path;

use anyhow::{Context, Result};
use prost::Message;
use tokio::runtime::{Builder, Runtime};
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint};
use tonic_prost::ProstCodec;

/// A connection to a runtime.
pub(crate) struct Client {
    runtime: Runtime,
    channel: Channel,
}

impl Client {
    /// # Errors
    /// If no server listens at `socket`.
    pub(crate) fn connect(socket: &Path) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let endpoint = Endpoint::from_shared(format!("unix://{}", socket.display()))?;
        let channel = runtime.block_on(endpoint.connect())?;
        Ok(Self { runtime, channel })
    }

    /// Calls a method of the runtime service.
    ///
    /// # Errors
    /// What the runtime answers instead.
    pub(crate) fn call<Request, Answer>(&self, method: &str, request: Request) -> Result<Answer>
    where
        Request: Message + 'static,
        Answer: Message + Default + 'static,
    {
        let path = PathAndQuery::try_from(format!("/runtime.v1.RuntimeService/{method}"))?;
        let answer = self.runtime.block_on(async {
            let mut grpc = Grpc::new(self.channel.clone());
            grpc.ready().await?;
            let codec = ProstCodec::<Request, Answer>::default();
            let answer = grpc.unary(tonic::Request::new(request), path, codec).await?;
            anyhow::Ok(answer.into_inner())
        });
        answer.with_context(|| method.to_owned())
    }
}
