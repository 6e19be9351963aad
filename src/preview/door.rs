//! Who is let in: whoever knows the path, and has asked for this machine by name.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::keys::Token;

/// The way in.
pub(super) struct Door {
    token: Token,
    port: u16,
    /// A path that leads in once, and the address of the place it leads to.
    invitation: Mutex<Option<(Token, String)>>,
}

impl Door {
    pub(super) fn new(token: Token, port: u16) -> Self {
        Self { token, port, invitation: Mutex::new(None) }
    }

    pub(super) fn token(&self) -> &Token {
        &self.token
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }

    /// Makes the only invitation there is.
    pub(super) fn invite(&self, token: Token, place: &str) -> String {
        let url = format!("http://127.0.0.1:{}/{token}/", self.port);
        let mut invitation = self.invitation.lock().unwrap_or_else(PoisonError::into_inner);
        *invitation = Some((token, format!("/{}/{place}", self.token)));
        url
    }

    /// Whether a request asked for this machine by name: a page of somewhere else whose name points
    /// here does not.
    fn is_meant(&self, request: &Request) -> bool {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let ours = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{}", self.port));
        host.is_some_and(|host| ours.iter().any(|ours| ours == host))
    }

    /// The place that an invitation leads to. It is used up by that.
    fn redeem(&self, given: &Token) -> Option<String> {
        let mut invitation = self.invitation.lock().unwrap_or_else(PoisonError::into_inner);
        invitation.take_if(|(token, _)| token.matches(given)).map(|(_, place)| place)
    }
}

/// The token that a path begins with.
fn token_of(request: &Request) -> Option<Token> {
    request.uri().path().split('/').nth(1)?.parse().ok()
}

/// Turns strangers away as if nothing were here, and says of all answers that they are nobody
/// else's.
pub(super) async fn guard(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let given = token_of(&request).filter(|_| reads && door.is_meant(&request));
    let mut response = match given {
        Some(token) if token.matches(&door.token) => next.run(request).await,
        Some(token) => match door.redeem(&token) {
            Some(place) => (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response(),
            None => nothing().await,
        },
        None => nothing().await,
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// What strangers see.
pub(super) async fn nothing() -> Response {
    (StatusCode::NOT_FOUND, Body::empty()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_leads_in_once_and_names_no_token_of_the_page() {
        let [page, guest, stranger] = [(); 3].map(|()| Token::random().unwrap());
        let door = Door::new(page, 4747);
        let url = door.invite(guest, "#/sandbox");
        assert_eq!(url, format!("http://127.0.0.1:4747/{guest}/"));
        assert_eq!(door.redeem(&stranger), None);
        assert_eq!(door.redeem(&page), None);
        assert_eq!(door.redeem(&guest), Some(format!("/{page}/#/sandbox")));
        assert_eq!(door.redeem(&guest), None);
    }
}
