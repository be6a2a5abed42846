-- additive
alter table developer add column whole_inbox boolean not null default false;
comment on column developer.whole_inbox is 'whether the inbox that it embeds shows all messages of its person, and not its own alone';
