//! Whose token it is that came back: in the subject of an unsubscribe mail, or in the return path
//! of a bounce.

use super::label;
use crate::{
    keys::{Keys, PersonKey, Token},
    ledger::{self, Ledger},
};

/// The person whose copy of a campaign carries a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Who.
    pub person: PersonKey,
    /// Of which campaign the copy was.
    pub campaign: String,
    /// What the token is for.
    pub purpose: Purpose,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It leaves the list.
    Unsubscribe,
    /// It brings a bounce back.
    ReturnPath,
}

/// The owner of each token, none where no copy carries it. A token says nothing of its person, so
/// those of everybody are made and compared.
pub async fn owners(
    ledger: &impl Ledger,
    keys: &Keys,
    tokens: &[Token],
) -> Result<Vec<Option<Owner>>, ledger::Error> {
    let mut owners = vec![None; tokens.len()];
    // What came back is most likely of the last one.
    for campaign in ledger.campaigns().await?.into_iter().rev() {
        if owners.iter().all(Option::is_some) {
            break;
        }
        let labels: Vec<String> =
            (1..=campaign.revision).map(|revision| label(&campaign.id, revision)).collect();
        for person in ledger.people(&campaign.id).await? {
            let of = |label: &String| {
                [
                    (Purpose::Unsubscribe, keys.unsubscribe(label, &person)),
                    (Purpose::ReturnPath, keys.return_path(label, &person)),
                ]
            };
            let own: Vec<(Purpose, Token)> = labels.iter().flat_map(of).collect();
            for (token, owner) in tokens.iter().zip(&mut owners) {
                if let Some((purpose, _)) = own.iter().find(|(_, own)| own.matches(token)) {
                    let campaign = campaign.id.clone();
                    *owner = Some(Owner { person, campaign, purpose: *purpose });
                }
            }
        }
    }
    Ok(owners)
}
