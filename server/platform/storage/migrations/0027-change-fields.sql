alter table directory_change add column fields jsonb;
comment on column directory_change.fields is 'of a member: what changed, {"position": [before, after]}; {} when the member is new; null where nothing is known';
