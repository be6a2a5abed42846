-- additive
-- The merchant's own certificate, from which the day is known on which WeChat Pay takes its signatures no more.

alter table pay_merchant add column certificate text not null default '';
comment on column pay_merchant.certificate is 'apiclient_cert.pem; empty, or of another serial_no, when only serial and private key were entered';
