use super::*;

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

fn batch(users: &[(&str, &str)], inconsistencies: &[&str]) -> Final {
    let listed =
        |(user, employee): &(&str, &str)| ListedUser { user_id: (*user).into(), employee_id: (*employee).into() };
    Final::Users(UserBatch { users: users.iter().map(listed).collect(), inconsistencies: ids(inconsistencies) })
}

/// One batch of `asked`, answered by `list`; each part then answered by `part`. Outcomes as text.
fn check(
    asked: &[&str],
    list: Final,
    part: impl Fn(&Question) -> Result<Final, &'static str>,
    expected: &[(&str, &str)],
) {
    let asked = ids(asked);
    let mut employees = Employees::new(&asked, false);
    for question in employees.settle(&Question::Users(asked.clone()), list, DateTime::UNIX_EPOCH) {
        match part(&question) {
            Ok(answer) => assert!(employees.settle(&question, answer, DateTime::UNIX_EPOCH).is_empty()),
            Err(reason) => employees.fail(&question, reason),
        }
    }
    let ended = employees.finish().into_iter().map(|employee| {
        let outcome = match employee.answer {
            Ok(Some(_)) => "found".to_owned(),
            Ok(None) => "not found".to_owned(),
            Err(reason) => reason,
        };
        (employee.employee_id, if employee.batch_inconsistent { format!("! {outcome}") } else { outcome })
    });
    let expected = expected.iter().map(|(id, outcome)| ((*id).to_owned(), (*outcome).to_owned()));
    assert_eq!(ended.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

fn fine(question: &Question) -> Result<Final, &'static str> {
    Ok(match question {
        Question::User { user_id, .. } => {
            Final::User(Box::new(UserRecord { user_id: user_id.clone(), ..UserRecord::default() }))
        }
        _ => Final::Benefits(Vec::new()),
    })
}

#[test]
fn an_id_that_a_sound_list_leaves_out_is_not_found() {
    check(&["1", "2"], batch(&[("u1", "1")], &[]), fine, &[("1", "found"), ("2", "not found")]);
}

#[test]
fn an_id_that_a_contradictory_list_leaves_out_is_unverified() {
    let missing = format!("! {INCONSISTENT}");
    let expected = [("1", "! found"), ("2", missing.as_str())];
    check(&["1", "2"], batch(&[("u1", "1")], &["page 0 came twice"]), fine, &expected);
    // A user whom nobody asked for contradicts the question.
    check(&["1", "2"], batch(&[("u1", "1"), ("u9", "9")], &[]), fine, &expected);
}

#[test]
fn several_users_for_one_id_are_nobody() {
    let list = batch(&[("u1", "1"), ("u2", "1"), ("u3", "3")], &[]);
    check(&["1", "3"], list, fine, &[("1", SEVERAL_USERS), ("3", "found")]);
}

#[test]
fn whoever_stands_in_the_list_under_anothers_id_is_not_absent() {
    let part = |question: &Question| match question {
        Question::User { user_id, .. } => Ok(Final::User(Box::new(UserRecord {
            user_id: user_id.clone(),
            employee_id: Some(user_id.as_str().trim_start_matches('u').to_owned()),
            ..UserRecord::default()
        }))),
        _ => fine(question),
    };
    let list = batch(&[("u1", "1"), ("u2", "1"), ("u3", "3")], &[]);
    let expected = [("1", SEVERAL_USERS), ("2", MISNAMED), ("3", "found"), ("4", "not found")];
    check(&["1", "2", "3", "4"], list, part, &expected);
}

#[test]
fn a_list_that_knows_nobody_at_all_is_no_absence() {
    check(&["1", "2"], batch(&[], &[]), fine, &[("1", NOBODY_FOUND), ("2", NOBODY_FOUND)]);
    check(&["1"], batch(&[], &[]), fine, &[("1", "not found")]);
}

#[test]
fn a_record_of_another_employee_is_not_used() {
    let part = |question: &Question| match question {
        Question::User { user_id, .. } => Ok(Final::User(Box::new(UserRecord {
            user_id: user_id.clone(),
            employee_id: Some(if user_id == "u1" { "1" } else { "7" }.into()),
            ..UserRecord::default()
        }))),
        _ => fine(question),
    };
    let list = batch(&[("u1", "1"), ("u2", "2")], &[]);
    check(&["1", "2"], list, part, &[("1", "found"), ("2", OTHER_EMPLOYEE)]);
}

#[test]
fn a_part_that_failed_spoils_its_employee_only_and_the_user_is_named_first() {
    let part = |question: &Question| match question {
        Question::Benefits { employee_id, .. } if employee_id == "1" => Ok(Final::Absent(FinalAnswer::Gone)),
        Question::User { employee_id, .. } if employee_id == "2" => Err("a time-out"),
        Question::Benefits { employee_id, .. } if employee_id == "2" => Err("a broken connection"),
        _ => fine(question),
    };
    let list = batch(&[("u1", "1"), ("u2", "2"), ("u3", "3")], &[]);
    let expected = [("1", "benefits: listed, and then gone (410)"), ("2", "user: a time-out"), ("3", "found")];
    check(&["1", "2", "3"], list, part, &expected);
}

#[test]
fn a_failed_list_and_a_list_never_asked_for_leave_their_ids_unverified() {
    let mut employees = Employees::new(&ids(&["1", "2"]), false);
    employees.fail(&Question::Users(ids(&["1"])), "a time-out");
    let reasons = employees.finish().into_iter().map(|employee| employee.answer.expect_err("unverified"));
    assert_eq!(reasons.collect::<Vec<_>>(), ["list of users: a time-out", NOT_ASKED]);
}

#[test]
fn when_nobody_of_the_first_batch_may_be_read_nobody_may() {
    for (named, forbidden, expected) in [(3, 3, Some(3)), (3, 2, None), (1, 1, None)] {
        let asked = ids(&["1", "2", "3"]);
        let mut employees = Employees::new(&asked, false);
        let users: Vec<(&str, &str)> = [("u1", "1"), ("u2", "2"), ("u3", "3")][..named].to_vec();
        let questions = employees.settle(&Question::Users(asked), batch(&users, &[]), DateTime::UNIX_EPOCH);
        let benefits = questions.iter().filter(|question| matches!(question, Question::Benefits { .. }));
        for question in benefits.take(forbidden) {
            assert_eq!(employees.none_allowed(), None);
            employees.forbidden(question);
            employees.fail(question, "refused");
        }
        assert_eq!(employees.none_allowed(), expected, "{named} {forbidden}");
    }
}

#[test]
fn case_counts_unless_the_job_says_otherwise() {
    for (fold, questions) in [(false, 0), (true, 2)] {
        let asked = ids(&["A1"]);
        let mut employees = Employees::new(&asked, fold);
        let next = employees.settle(&Question::Users(asked), batch(&[("u", "a1")], &[]), DateTime::UNIX_EPOCH);
        assert_eq!(next.len(), questions);
    }
}
