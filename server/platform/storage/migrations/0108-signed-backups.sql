-- additive
-- Whether a backup that was restored for trial is known to be wisp's own, and which key a backup needs.

alter table backup_run add column key_fingerprint text not null default '';
comment on column backup_run.key_fingerprint is 'of the WISP_SECRET_KEY that it needs; empty for one of an earlier version';

alter table backup_trial add column signed boolean;
comment on column backup_trial.signed is 'whether its signature or its encryption shows that a wisp with this key wrote it; null before this migration';
