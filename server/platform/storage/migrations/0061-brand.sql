-- additive
-- How the organisation looks on its own pages and mails.

create table brand (
  id bigint generated always as identity primary key,
  corp_id text references corp on delete cascade,
  name text not null default '',
  colour text not null default '',
  icp_number text not null default '',
  police_number text not null default '',
  privacy_url text not null default '',
  privacy_text text not null default '',
  logo bytea,
  logo_hash text not null default '',
  logo_width integer not null default 0,
  logo_height integer not null default 0,
  unique nulls not distinct (corp_id)
);
comment on table brand is 'name, logo and colour of each corp, and numbers that Chinese law wants on its pages';
comment on column brand.corp_id is 'null: of the installation, for corps and hosts without their own';
comment on column brand.colour is 'as it was chosen; the pages show it with enough contrast';
comment on column brand.logo is 'PNG with nothing but its picture; here and not in stored_file, whose files belong to a corp and to people who are signed in';
comment on column brand.logo_hash is 'SHA-256 of logo, by which it is served; empty when there is none';
