-- additive
alter table developer add column own_agents boolean not null default false;
comment on column developer.own_agents is 'whether its messages go out by the agents of its own apps and by the message centre''s alone';
