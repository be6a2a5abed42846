-- additive
-- Webhooks whose receivers do not answer share few places among themselves.

alter table webhook add column silent_since timestamptz;
comment on column webhook.silent_since is 'since when its receiver keeps calls waiting without an answer; null once it answered, whatever it said';
