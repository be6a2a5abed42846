-- Which official accounts a developer may use.

alter table developer add column accounts text[];
comment on column developer.accounts is 'original ids of official accounts; null: all of the corp';
