-- What a follower is told when the time for an answer is up.

alter table official_flow add column timeout_text text not null default '';
comment on column official_flow.timeout_text is 'sent when no answer came in time, where WeChat lets the account write; empty: nothing';
comment on column official_rule.hours is 'when the rule holds, by the time in China; null: always';
