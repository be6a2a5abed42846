-- additive
-- The portal, copies and erasures look for a person's consents.

create index app_consent_member on app_consent (corp_id, member_id);
