-- additive
-- Filters of the console's lists that were saved under a name.
create table list_view (
  corp_id text not null references corp on delete cascade,
  owner text not null,
  list text not null,
  name text not null,
  query text not null,
  primary key (corp_id, owner, list, name)
);
comment on column list_view.owner is 'member.id, or admin:<name> of a local account; empty for a view of all administrators of the corp';
comment on column list_view.list is 'the page call that answers with the list';
comment on column list_view.query is 'filters and order as they stand in the address, such as state=open%2Coverdue';
