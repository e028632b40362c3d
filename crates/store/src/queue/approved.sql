-- One approved item of each kind, as a tieout of schema 5 wrote them: bodies, hashes and the audit chain.
-- Hashes were computed from the rows by another program.
INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, effective, yearly_difference, currency,
    created_at, created_by, changed_at, reason)
    VALUES ('000001', 'compensation', 'proposed',
    '{"employee_id":"emp_1","pay_frequency":"weekly","pay_rate":{"amount":"52000.00","period":"annually","effective_start":"2026-03-16"},"employment_status":"full_time"}',
    '5080e95f9454fbbaab6f3303975c6af98b6ca865c7bf02a2837cd44f196720ba',
    '{"authority":"payroll","changes":[{"field":"f","from":"a","to":"b"}],"findings":[{"id":"1-compensation","code":"CO04"}]}',
    '2026-03-16', 12000000, 'USD', '2026-03-31T01:58:20.000000Z', 'tieout run', '2026-03-31T01:58:20.000000Z', '');
INSERT INTO audit VALUES (1, '2026-03-31T01:58:20.000000Z', 'tieout run', 1, 'propose', NULL, 'proposed', '5080e95f9454fbbaab6f3303975c6af98b6ca865c7bf02a2837cd44f196720ba', 'content c18fd262a9f4c6a74d8e9f89c650e39d4d15ec0d82f5345a761acad96cd3d51a', '', '9caff27ec277ebc8e39720ee77b326f26bf3c57c87aa41d162ebab5c35f8cbf2');
INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, effective, yearly_difference, currency,
    created_at, created_by, changed_at, reason)
    VALUES ('000002', 'demographic', 'proposed',
    '{"employee_id":"emp_2","address":{"line1":"1 Main St","line2":"Apt 4","city":"Austin","state":"TX","zip_code":"73301-1234"}}',
    '47103ecc45432f22dacf659757a21517e34566ba89990dc01fca44a1932ce9ea',
    '{"authority":"payroll","changes":[{"field":"f","from":"a","to":"b"}],"findings":[{"id":"2-demographic","code":"DE01"}]}',
    NULL, NULL, NULL, '2026-03-31T01:58:20.000000Z', 'tieout run', '2026-03-31T01:58:20.000000Z', '');
INSERT INTO audit VALUES (2, '2026-03-31T01:58:20.000000Z', 'tieout run', 2, 'propose', NULL, 'proposed', '47103ecc45432f22dacf659757a21517e34566ba89990dc01fca44a1932ce9ea', 'content 373c93a87aad5599740bb219abe002ba29298239267ba3b9e66e020ebe95a612', '9caff27ec277ebc8e39720ee77b326f26bf3c57c87aa41d162ebab5c35f8cbf2', '0d08831718941deec456094aad4a5e2ea5cfdbef732753f2a2ef5d9c64650f28');
INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, effective, yearly_difference, currency,
    created_at, created_by, changed_at, reason)
    VALUES ('000003', 'termination', 'proposed',
    '{"employee_id":"emp_3","termination_date":"2026-03-20"}',
    '690f9f60272a41a358a408d290ed4699f279f05b9730dcffc4cc6bd5d50d9dea',
    '{"authority":"payroll","changes":[{"field":"f","from":"a","to":"b"}],"findings":[{"id":"3-termination","code":"DE07"}]}',
    '2026-03-20', NULL, NULL, '2026-03-31T01:58:20.000000Z', 'tieout run', '2026-03-31T01:58:20.000000Z', '');
INSERT INTO audit VALUES (3, '2026-03-31T01:58:20.000000Z', 'tieout run', 3, 'propose', NULL, 'proposed', '690f9f60272a41a358a408d290ed4699f279f05b9730dcffc4cc6bd5d50d9dea', 'content 7442ff659edebfa12b74b7e855cc32e0a60d1e410a7e7ce90b8c44faa967dd33', '0d08831718941deec456094aad4a5e2ea5cfdbef732753f2a2ef5d9c64650f28', '88b944c919d78b77c590cc717384e2fb28aae694e28d39ce007c3299ba23483a');
INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, effective, yearly_difference, currency,
    created_at, created_by, changed_at, reason)
    VALUES ('000004', 'new_hire', 'proposed',
    '{"employer_id":"acme","employee_id":"joiner_4","first_name":"Ada","last_name":"Lane","dob":"1990-01-15","employer":"Acme","address":{"line1":"1 Main St","city":"Austin","state":"TX","zip_code":"73301"},"hire_date":"2026-02-02","email":"ada@example.com","hours_worked":"40","pay_frequency":"biweekly","pay_rate":[{"amount":"52000.00","period":"annually","effective_start":"2026-02-02"}],"employment_status":"full_time"}',
    '43028bb4f1ce4a5ae78e5920ac70506c90ab7fc4f94d7c4fe47d1dc5a4c760e9',
    '{"authority":"payroll","changes":[{"field":"f","from":"a","to":"b"}],"findings":[{"id":"4-new_hire","code":"ID01"}]}',
    '2026-02-02', 520000000, 'USD', '2026-03-31T01:58:20.000000Z', 'tieout run', '2026-03-31T01:58:20.000000Z', '');
INSERT INTO audit VALUES (4, '2026-03-31T01:58:20.000000Z', 'tieout run', 4, 'propose', NULL, 'proposed', '43028bb4f1ce4a5ae78e5920ac70506c90ab7fc4f94d7c4fe47d1dc5a4c760e9', 'content 550aa3187e173dd23c44d03bf7a0c881d8997f0548b37b0fdf4bf0cf3be3bb78', '88b944c919d78b77c590cc717384e2fb28aae694e28d39ce007c3299ba23483a', 'e72c28026eeede7fdbcc174f8eb7588f605a754e33a86549fc69a58deea27b85');
INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, effective, yearly_difference, currency,
    created_at, created_by, changed_at, reason)
    VALUES ('000005', 'oyster_provisioning', 'proposed',
    '{"engagement_id":"E1","supplementary":[{"plan_id":"P1","shares":{"team_member":500000}}],"package":{"package_id":"K1","plans":[{"plan_id":"P2","shares":{"dependents":250000,"max_dependents":4}}]}}',
    'c31ff635ee54d8cdc56d75bf666f57fd59728c008ab0f71bc28bf05207a802aa',
    '{"authority":"the preparer","changes":[],"findings":[],"state":"h"}',
    NULL, NULL, NULL, '2026-03-31T01:58:20.000000Z', 'Bo Preparer', '2026-03-31T01:58:20.000000Z', '');
INSERT INTO audit VALUES (5, '2026-03-31T01:58:20.000000Z', 'Bo Preparer', 5, 'propose', NULL, 'proposed', 'c31ff635ee54d8cdc56d75bf666f57fd59728c008ab0f71bc28bf05207a802aa', 'content f7dcf9b8075a89cd11759db07528465431ed8c5c5fd2c5f332dc2bb20517f60f', 'e72c28026eeede7fdbcc174f8eb7588f605a754e33a86549fc69a58deea27b85', 'dcf807ae629cfc2fc4c049b5488769b154416594cdacb12170a7ad6b89c4309b');
INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, effective, yearly_difference, currency,
    created_at, created_by, changed_at, reason)
    VALUES ('oyster:R1', 'oyster_request', 'proposed',
    '{"engagement_id":"R1","plan_id":"P1","shares":{}}',
    'fa2e56eff0467d2907dead8239c9e30f06e20e1e99e4ef024f36e2a0f594481d',
    '{"authority":"the preparer","changes":[],"findings":[],"state":"h"}',
    NULL, NULL, NULL, '2026-03-31T01:58:20.000000Z', 'Bo Preparer', '2026-03-31T01:58:20.000000Z', '');
INSERT INTO audit VALUES (6, '2026-03-31T01:58:20.000000Z', 'Bo Preparer', 6, 'propose', NULL, 'proposed', 'fa2e56eff0467d2907dead8239c9e30f06e20e1e99e4ef024f36e2a0f594481d', 'content db72e0568fbeb5c26da8f5ee54542429706128241a33a175e8a88ed97eb8b0c4', 'dcf807ae629cfc2fc4c049b5488769b154416594cdacb12170a7ad6b89c4309b', '138d0858fbfd6d21805cbcd28ba81ca94a26ff01c4f665099cf6f9c29ccc09fe');
UPDATE queue SET state = 'approved', changed_at = '2026-03-31T01:59:10.000000Z', reason = 'checked', approved_by = 'Ada', approved_at = '2026-03-31T01:59:10.000000Z',
    policy_hash = 'policy' WHERE id = 1;
INSERT INTO audit VALUES (7, '2026-03-31T01:59:10.000000Z', 'Ada', 1, 'approve', 'proposed', 'approved', '5080e95f9454fbbaab6f3303975c6af98b6ca865c7bf02a2837cd44f196720ba', 'policy policy; checked', '138d0858fbfd6d21805cbcd28ba81ca94a26ff01c4f665099cf6f9c29ccc09fe', 'bf2a0133d2230e68edce8998cc46f153a9ec9530da0512266ea0e52e02277d06');
UPDATE queue SET state = 'approved', changed_at = '2026-03-31T01:59:10.000000Z', reason = 'checked', approved_by = 'Ada', approved_at = '2026-03-31T01:59:10.000000Z',
    policy_hash = 'policy' WHERE id = 2;
INSERT INTO audit VALUES (8, '2026-03-31T01:59:10.000000Z', 'Ada', 2, 'approve', 'proposed', 'approved', '47103ecc45432f22dacf659757a21517e34566ba89990dc01fca44a1932ce9ea', 'policy policy; checked', 'bf2a0133d2230e68edce8998cc46f153a9ec9530da0512266ea0e52e02277d06', '537a23e4f563187501fdac2edc3cefc0b7ec18965901c23da129bd96cdba3d88');
UPDATE queue SET state = 'approved', changed_at = '2026-03-31T01:59:10.000000Z', reason = 'checked', approved_by = 'Ada', approved_at = '2026-03-31T01:59:10.000000Z',
    policy_hash = 'policy' WHERE id = 3;
INSERT INTO audit VALUES (9, '2026-03-31T01:59:10.000000Z', 'Ada', 3, 'approve', 'proposed', 'approved', '690f9f60272a41a358a408d290ed4699f279f05b9730dcffc4cc6bd5d50d9dea', 'policy policy; checked', '537a23e4f563187501fdac2edc3cefc0b7ec18965901c23da129bd96cdba3d88', '93b383431965da21580ccdb1ca11148e1df7ced1605849b674b2ba6701fd7984');
UPDATE queue SET state = 'approved', changed_at = '2026-03-31T01:59:10.000000Z', reason = 'checked', approved_by = 'Ada', approved_at = '2026-03-31T01:59:10.000000Z',
    policy_hash = 'policy' WHERE id = 4;
INSERT INTO audit VALUES (10, '2026-03-31T01:59:10.000000Z', 'Ada', 4, 'approve', 'proposed', 'approved', '43028bb4f1ce4a5ae78e5920ac70506c90ab7fc4f94d7c4fe47d1dc5a4c760e9', 'policy policy; checked', '93b383431965da21580ccdb1ca11148e1df7ced1605849b674b2ba6701fd7984', '18e23206960a02971f8ad3ec0e130e158ce33ec8e730c28a177d0e7ac0d3b4fb');
UPDATE queue SET state = 'approved', changed_at = '2026-03-31T01:59:10.000000Z', reason = 'checked', approved_by = 'Ada', approved_at = '2026-03-31T01:59:10.000000Z',
    policy_hash = 'policy' WHERE id = 5;
INSERT INTO audit VALUES (11, '2026-03-31T01:59:10.000000Z', 'Ada', 5, 'approve', 'proposed', 'approved', 'c31ff635ee54d8cdc56d75bf666f57fd59728c008ab0f71bc28bf05207a802aa', 'policy policy; checked', '18e23206960a02971f8ad3ec0e130e158ce33ec8e730c28a177d0e7ac0d3b4fb', 'cd58e180dbd91c0f9373e88230017d6d852f06f19d428ffa1b393d581b27fdfc');
UPDATE queue SET state = 'approved', changed_at = '2026-03-31T01:59:10.000000Z', reason = 'checked', approved_by = 'Ada', approved_at = '2026-03-31T01:59:10.000000Z',
    policy_hash = 'policy' WHERE id = 6;
INSERT INTO audit VALUES (12, '2026-03-31T01:59:10.000000Z', 'Ada', 6, 'approve', 'proposed', 'approved', 'fa2e56eff0467d2907dead8239c9e30f06e20e1e99e4ef024f36e2a0f594481d', 'policy policy; checked', 'cd58e180dbd91c0f9373e88230017d6d852f06f19d428ffa1b393d581b27fdfc', '3833ca70e79461436d768af50dffa1957d508702d4f7846b91690c8cb0660f23');
UPDATE audit_head SET entries = 12, hash = '3833ca70e79461436d768af50dffa1957d508702d4f7846b91690c8cb0660f23';
