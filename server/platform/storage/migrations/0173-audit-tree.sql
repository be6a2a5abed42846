-- additive
-- Acts, sign-ins, refusals and reads of personal data enter a tree of hashes (RFC 6962): one of each corp, and one of the installation.
-- Triggers note each new row, whichever version of wisp writes it, so that a worker finds it when its transaction has committed.

-- A refusal outlives its person, as a sign-in does, and is kept as long. This locks the members too, and stands before the locks of the triggers:
-- whoever changes a member and then writes the act, as an older node does meanwhile, would else wait for us, and we for them.
alter table refusal drop constraint refusal_corp_id_member_id_fkey;

create table audit_tree (
  tree text primary key check (tree = coalesce(corp_id, '')),
  corp_id text references corp on delete cascade,
  size bigint not null default 0,
  edge bytea[] not null default '{}',
  existing jsonb,
  created_at timestamptz not null default now()
);
comment on column audit_tree.tree is 'the corp; empty for that of the installation, which also has what names a corp that is gone';
comment on column audit_tree.edge is 'roots of the complete subtrees that the leaves make up, the largest first';
comment on column audit_tree.existing is 'how far the rows of before this migration have entered; null when they all have';
create unique index audit_tree_corp on audit_tree (corp_id);

create table audit_pending (
  id bigint generated always as identity primary key,
  tree text not null,
  source text not null,
  row_id text not null,
  statement jsonb,
  at timestamptz not null default clock_timestamp()
);
comment on table audit_pending is 'rows that have not entered their tree; for some seconds each';
comment on column audit_pending.statement is 'what wisp itself has to say in the tree, such as which rows it deleted and why';
create index audit_pending_tree on audit_pending (tree, id);

create table audit_leaf (
  tree text not null references audit_tree on delete cascade,
  index bigint not null,
  source text not null,
  row_id text not null,
  hash bytea not null,
  salt bytea,
  hidden bytea,
  statement jsonb,
  entered_at timestamptz not null default now(),
  primary key (tree, index)
);
comment on table audit_leaf is 'which row of which table is at which place of which tree';
comment on column audit_leaf.source is 'the table; statement: the leaf itself has all of it';
comment on column audit_leaf.salt is 'null when the personal fields of the row were erased';
comment on column audit_leaf.hidden is 'of an erased row: the salted hash of its personal fields as they were';
create unique index audit_leaf_row on audit_leaf (source, row_id);
create index audit_leaf_block on audit_leaf (entered_at) where index % 256 = 255;

create table audit_node (
  tree text not null references audit_tree on delete cascade,
  level smallint not null,
  index bigint not null,
  hash bytea not null,
  primary key (tree, level, index)
);
comment on table audit_node is 'roots of complete subtrees of 256, 65,536 and more leaves';

create table audit_key (
  number integer generated always as identity primary key,
  name text not null,
  private_key text not null,
  public_key bytea not null,
  made_at timestamptz not null default now()
);
comment on column audit_key.name is 'the host of the installation when the key was made, with which names of trees begin';
comment on column audit_key.private_key is 'Ed25519, sealed';

create table audit_checkpoint (
  tree text not null references audit_tree on delete cascade,
  number bigint not null,
  size bigint not null,
  note text not null,
  cause text not null,
  made_at timestamptz not null,
  primary key (tree, number)
);
comment on column audit_checkpoint.note is 'the signed note (C2SP tlog-checkpoint)';
create index audit_checkpoint_made on audit_checkpoint (made_at);

create table audit_destination (
  tree text primary key references audit_tree on delete cascade,
  url text not null,
  members text[] not null,
  set_at timestamptz not null,
  set_by text not null,
  url_number bigint not null default 0,
  url_at timestamptz,
  members_number bigint not null default 0,
  members_at timestamptz,
  problem jsonb
);
comment on table audit_destination is 'where the checkpoints of a tree are sent';
comment on column audit_destination.url is 'an HTTPS address that is sent each; empty for none';
comment on column audit_destination.members is 'userids of members of the corp, who are told once a day';
comment on column audit_destination.url_number is 'the last checkpoint that the address took';
comment on column audit_destination.problem is 'why the last one could not be sent, in both languages; null when it was';

create table audit_verification (
  id bigint generated always as identity primary key,
  tree text not null references audit_tree on delete cascade,
  asked_at timestamptz not null,
  asked_by text not null,
  lease_until timestamptz,
  ended_at timestamptz,
  checked bigint not null default 0,
  size bigint not null default 0,
  findings jsonb,
  problem text not null default ''
);
create index audit_verification_tree on audit_verification (tree, id);
create index audit_verification_open on audit_verification (id) where ended_at is null;

create table audit_repetition (
  entry_id bigint primary key references audit on delete cascade,
  times integer not null,
  due_at timestamptz not null
);
comment on table audit_repetition is 'how often an act was repeated since its entry, which stays as it is; an entry of its own from due_at on';

create function audit_enters() returns trigger language plpgsql as $$
begin
  if current_setting('wisp.restoring', true) = 'on' then return null; end if;
  if tg_table_name = 'refusal' then
    insert into audit_pending (tree, source, row_id) select coalesce(corp_id, ''), 'refusal', number from added;
  else
    insert into audit_pending (tree, source, row_id)
      select coalesce(corp_id, ''), tg_table_name, id::text from added order by id;
  end if;
  return null;
end
$$;
comment on function audit_enters is 'not while a backup is restored, which has the rows of audit_pending itself';

create function audit_repeats() returns trigger language plpgsql as $$
begin
  if new.detail ? 'times' and new.detail - 'times' = old.detail - 'times'
    and (new.actor, new.act, new.target, new.at) = (old.actor, old.act, old.target, old.at) then
    insert into audit_repetition (entry_id, times, due_at)
    values (old.id, (new.detail ->> 'times')::int - coalesce((old.detail ->> 'times')::int, 1), old.at + interval '10 minutes')
    on conflict (entry_id) do update set times = greatest(audit_repetition.times, excluded.times);
    return null;
  end if;
  return new;
end
$$;
comment on function audit_repeats is 'earlier versions count repetitions in the entry itself';

create function audit_leaves() returns trigger language plpgsql as $$
declare
  row_key text := case tg_table_name when 'refusal' then 'number' else 'id' end;
  kept text := case tg_table_name when 'data_read'
    then '(select make_interval(days => greatest(request_log_days, data_read_days) - 1) from corp where corp.corp_id = gone.corp_id)'
    else 'interval ''399 days''' end;
begin
  execute format('
    insert into audit_pending (tree, source, row_id, statement)
    select tree, ''statement'', '''', jsonb_build_object(''what'', ''age'', ''source'', %1$L,
      ''indexes'', jsonb_agg(jsonb_build_array(first, last) order by first))
    from (
      select tree, min(index) as first, max(index) as last from (
        select leaf.tree, leaf.index, leaf.index - row_number() over (partition by leaf.tree order by leaf.index) as island
        from gone join audit_leaf as leaf on leaf.source = %1$L and leaf.row_id = gone.%2$I::text
        where gone.at < now() - %3$s) as placed
      group by tree, island) as islands
    group by tree order by tree', tg_table_name, row_key, kept);
  return null;
end
$$;
comment on function audit_leaves is 'states in the tree which rows were deleted because of their age, whichever version deletes them';

create function refusal_stays() returns trigger language plpgsql as $$
begin
  if old.at > now() - interval '399 days'
    and (old.corp_id is null or exists (select from corp where corp_id = old.corp_id and removing_at is null)) then
    return null;
  end if;
  return old;
end
$$;
comment on function refusal_stays is 'earlier versions delete refusals after 30 days';

create trigger audit_enters after insert on audit referencing new table as added for each statement execute function audit_enters();
create trigger audit_enters after insert on sign_in_log referencing new table as added for each statement execute function audit_enters();
create trigger audit_enters after insert on refusal referencing new table as added for each statement execute function audit_enters();
create trigger audit_enters after insert on data_read referencing new table as added for each statement execute function audit_enters();
create trigger audit_leaves after delete on audit referencing old table as gone for each statement execute function audit_leaves();
create trigger audit_leaves after delete on sign_in_log referencing old table as gone for each statement execute function audit_leaves();
create trigger audit_leaves after delete on refusal referencing old table as gone for each statement execute function audit_leaves();
create trigger audit_leaves after delete on data_read referencing old table as gone for each statement execute function audit_leaves();
create trigger audit_repeats before update on audit for each row execute function audit_repeats();
create trigger refusal_stays before delete on refusal for each row execute function refusal_stays();

-- Everybody who writes has ended when a trigger is there: what exists by now is below these numbers. An empty database gets no row, since a
-- backup is restored into it.
insert into audit_tree (tree, corp_id, existing)
select coalesce(corp_id, ''), corp_id, jsonb_build_object(
  'audit', jsonb_build_object('after', 0, 'upTo', coalesce((select last_value from pg_sequences where schemaname = current_schema() and sequencename = 'audit_id_seq'), 0)),
  'sign_in_log', jsonb_build_object('after', 0, 'upTo', coalesce((select last_value from pg_sequences where schemaname = current_schema() and sequencename = 'sign_in_log_id_seq'), 0)),
  'data_read', jsonb_build_object('after', 0, 'upTo', coalesce((select last_value from pg_sequences where schemaname = current_schema() and sequencename = 'data_read_id_seq'), 0)),
  'refusal', jsonb_build_object('after', '', 'upTo', ''))
from (select corp_id from corp union all select null where exists (select from audit) or exists (select from refusal)) as owners;
