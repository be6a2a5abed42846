-- Puts the corp first in the keys of persons and of what belongs to them, as in all other tables, so that the rows of a
-- corp lie together and a table can be split by corp.

alter table member_alias drop constraint member_alias_member_id_fkey;
alter table member_supplement drop constraint member_supplement_member_id_fkey;
alter table member_role drop constraint member_role_member_id_fkey;
alter table role_department drop constraint role_department_member_id_fkey;
alter table session drop constraint session_member_id_fkey;
alter table ticket drop constraint ticket_member_id_fkey;

alter table member drop constraint member_pkey, add primary key (corp_id, id);
alter table member_supplement drop constraint member_supplement_pkey, add primary key (corp_id, member_id, field);
alter table member_role drop constraint member_role_pkey, add primary key (corp_id, member_id);

alter table role_department add column corp_id text;
update role_department d set corp_id = r.corp_id from member_role r where r.member_id = d.member_id;
alter table role_department alter column corp_id set not null, drop constraint role_department_pkey,
  add primary key (corp_id, member_id, department_id);

alter table member_alias add foreign key (corp_id, member_id) references member on delete cascade;
alter table member_supplement add foreign key (corp_id, member_id) references member on delete cascade;
alter table member_role add foreign key (corp_id, member_id) references member on delete cascade;
alter table role_department add foreign key (corp_id, member_id) references member_role on delete cascade;
-- Administrators' sessions have neither a corp nor a member.
alter table session add foreign key (corp_id, member_id) references member on delete cascade;
alter table ticket add foreign key (corp_id, member_id) references member on delete cascade;

-- These find what is deleted with a person without reading whole tables.
create index member_alias_of on member_alias (corp_id, member_id);
drop index session_member;
create index session_member on session (corp_id, member_id) where member_id is not null;
create index ticket_member on ticket (corp_id, member_id) where member_id is not null;
