//! How the database goes about what it is asked.

use rusqlite::{Connection, StatementStatus};

use super::super::{amend, delivery, open, past, query, thread};

/// The statement's plan, one step a line.
fn plan(connection: &Connection, sql: &str) -> String {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let columns = statement.parameter_count();
    let steps = statement
        .query_map(rusqlite::params_from_iter(vec![1; columns]), |row| row.get::<_, String>(3))
        .unwrap();
    steps.collect::<Result<Vec<_>, _>>().unwrap().join("\n")
}

#[test]
fn the_paths_of_a_run_never_scan() {
    let connection = open::in_memory().unwrap();
    for sql in [
        delivery::DUE,
        delivery::HELD,
        delivery::PUT_RIGHT,
        past::PAST,
        query::IN_HAND,
        query::NEXT_DUE,
        query::UNTRIED,
        amend::ERASE,
        amend::LEAVE_OUT,
        amend::MOVE,
        query::COUNTED,
    ] {
        let plan = plan(&connection, sql);
        assert!(!plan.contains("SCAN deliveries") && !plan.contains("SCAN attempts"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{sql}\n{plan}");
        assert!(!plan.contains("(campaign=?)"), "all of a campaign: {sql}\n{plan}");
    }
}

#[test]
fn the_steps_of_a_run_are_planned_once() {
    let connection = open::in_memory().unwrap();
    for sql in [delivery::ONE, "SELECT 1 FROM suppressions WHERE person = ?1"] {
        let again = (0..9).map(|value| {
            let mut statement = connection.prepare_cached(sql).unwrap();
            statement.query([value]).unwrap().next().unwrap();
            statement.get_status(StatementStatus::RePrepare)
        });
        assert_eq!(again.sum::<i32>(), 0, "{sql}");
    }
}

#[test]
fn who_has_a_campaign_is_asked_of_that_campaign_alone() {
    let connection = open::in_memory().unwrap();
    let plan = plan(&connection, thread::RECEIVED);
    assert!(plan.contains("SEARCH d USING INDEX") && !plan.contains("SCAN"), "{plan}");
}
