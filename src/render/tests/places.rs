//! One person's HTML with places is that person's HTML.

use super::*;

const VALUES: [&str; 3] = ["ana@example.org", "Ana", "O'Brien"];

fn html(places: &Places, values: &[String]) -> String {
    places
        .html(&Person {
            values,
            list_title: "you are a member",
            unsubscribe: "mailto:unsubscribe@appg.example?subject=abc",
        })
        .unwrap()
}

fn without(marker: &str, html: &str) -> String {
    let attribute = format!(" {marker}=\"");
    let mut stretches = html.split(&attribute);
    let first = stretches.next().unwrap_or_default().to_owned();
    stretches.fold(first, |plain, stretch| plain + stretch.split_once('"').unwrap().1)
}

#[test]
fn without_places_it_is_what_the_person_gets() {
    with_samples(|slug, input| {
        let expanded = expand(input).unwrap();
        let places = places(input).unwrap();
        for columns in [["email", "first_name", "last_name"], ["email", "last_name", "first_name"]]
        {
            let values: Vec<(&str, &str)> = columns.into_iter().zip(VALUES).collect();
            let Mail { html: sent, .. } = fill(&expanded, &values).unwrap();
            let of = |column: &String| {
                let found = values.iter().find(|(name, _)| name == column);
                found.map(|(_, value)| (*value).to_owned()).unwrap()
            };
            let own: Vec<String> = expanded.columns.iter().map(of).collect();
            let page = html(&places, &own);
            assert_eq!(without(&places.marker, &page), sent, "{slug}");
            let count = page.matches(&places.marker).count();
            assert!(count > 20 && count <= places.spots.len(), "{slug}: {count}");
        }
    });
}

#[test]
fn each_person_has_the_places_of_the_branches_that_are_theirs() {
    let newsroom = Newsroom::new("Hi\n\n{{#if city}}\nSee\n\n{{else}}\n# Up\n\n{{/if}}\n");
    newsroom.with_input(|input| {
        let places = places(input).unwrap();
        for (city, tag, line) in [("Bath", "<p ", 7), ("", "<h1 ", 10)] {
            let html = html(&places, &[city.to_owned()]);
            let tag = &html[html.rfind(tag).unwrap()..];
            let number = tag.split('"').nth(1).unwrap().parse::<usize>().unwrap();
            assert_eq!(places.spots[number], ("drafts/talk.md".to_owned(), line));
        }
    });
}
