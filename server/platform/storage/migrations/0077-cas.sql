-- additive
-- CAS: service tickets, and which app each service of an imported registry became.

create table cas_ticket (
  corp_id text not null references corp on delete cascade,
  id text not null,
  app_id text not null references app on delete cascade,
  member_id bigint not null,
  session_id text not null,
  service text not null,
  logout_uri text not null,
  is_new boolean not null,
  auth_at timestamptz not null,
  ends_at timestamptz not null,
  primary key (corp_id, id)
);
comment on table cas_ticket is 'service tickets that no application has validated yet';
comment on column cas_ticket.id is 'SHA-256 of the ticket';
comment on column cas_ticket.session_id is 'session.id';
comment on column cas_ticket.service is 'SHA-256 of it as services are compared';
comment on column cas_ticket.is_new is 'the person proved themselves for this sign-in, and was not recognised by their session';
create index cas_ticket_ends on cas_ticket (ends_at);

create table cas_import (
  corp_id text not null references corp on delete cascade,
  registry_id text not null,
  app_id text not null references app on delete cascade,
  primary key (corp_id, registry_id)
);
comment on table cas_import is 'which app a service of Apereo''s registry became, so that it is imported once';
