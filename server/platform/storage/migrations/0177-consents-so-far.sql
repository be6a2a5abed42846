-- additive
-- The consents that were given before there was a ledger. By itself, so that no lock on corps is held meanwhile.

-- Of their text only the claims are known.
insert into person_consent (corp_id, member_id, purpose, subject, text_hash, said, how, given_at, withdrawn_at, withdrawn_how)
select c.corp_id, c.member_id, 'app', c.app_id, 'before', jsonb_build_object('name', coalesce(a.name, ''), 'claims', to_jsonb(c.claims)),
  'page', c.agreed_at, c.withdrawn_at, case when c.withdrawn_at is null then null else 'portal' end
from app_consent c left join app a on a.id = c.app_id
on conflict do nothing;
