-- additive
-- The ledger gets what nodes that do not know it write, and what was given before it.

create function consent_noted() returns trigger language plpgsql as $$
begin
  if new.withdrawn_at is not null then
    update person_consent set withdrawn_at = new.withdrawn_at, withdrawn_how = 'portal'
    where corp_id = new.corp_id and member_id = new.member_id and purpose = 'app' and subject = new.app_id and withdrawn_at is null;
  elsif not exists (
    select from person_consent where corp_id = new.corp_id and member_id = new.member_id and purpose = 'app' and subject = new.app_id
      and given_at = new.agreed_at) then
    update person_consent set withdrawn_at = new.agreed_at, withdrawn_how = 'replaced'
    where corp_id = new.corp_id and member_id = new.member_id and purpose = 'app' and subject = new.app_id and withdrawn_at is null;
    insert into person_consent (corp_id, member_id, purpose, subject, text_hash, said, how, given_at)
    select new.corp_id, new.member_id, 'app', new.app_id, 'before', jsonb_build_object('name', name, 'claims', to_jsonb(new.claims)),
      'page', new.agreed_at from app where id = new.app_id
    on conflict do nothing;
  end if;
  return null;
end
$$;
comment on function consent_noted is 'at the end of the transaction, when a node that knows the ledger has written to it';

-- Not while a backup is restored, which has the ledger too.
create constraint trigger consent_noted after insert or update on app_consent deferrable initially deferred
  for each row when (current_setting('wisp.restoring', true) is distinct from 'on') execute function consent_noted();

-- What was given before is copied by a task: there may be millions, and the locks of these migrations are held until all have run.
insert into queue (corp_id, stream, due_at) select distinct corp_id, 'consents-so-far', now() from app_consent
on conflict do nothing;

comment on column person_consent.text_hash is
  'SHA-256 of the text that was agreed to; before for consents from before the ledger, or by a node that does not know it';
