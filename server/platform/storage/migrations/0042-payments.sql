-- Unified payment: merchants of WeChat Pay, bills, the orders that pay them, refunds, and the daily reconciliation. Money is whole fen.

alter table app
  add column builtin text check (builtin in ('payments')),
  add column pay_shortcut boolean not null default false;
comment on column app.builtin is 'an app that wisp itself answers: payments is the payer''s page (统一支付)';
comment on column app.pay_shortcut is 'whether its tickets may ask for the bills that wait (一码通)';
create unique index app_builtin on app (corp_id, builtin) where builtin is not null;

create table pay_merchant (
  corp_id text not null references corp on delete cascade,
  mch_id text not null,
  name text not null,
  app_ids text[] not null,
  serial_no text not null,
  private_key text not null,
  api_v3_key text not null,
  public_key_id text not null default '',
  public_key text not null default '',
  mini_program text not null default '',
  enabled boolean not null default true,
  is_default boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (corp_id, mch_id)
);
comment on column pay_merchant.app_ids is 'the AppIDs that are bound to it: service accounts, the corpId, mini-programs';
comment on column pay_merchant.serial_no is 'of the merchant''s own certificate';
comment on column pay_merchant.private_key is 'PEM, sealed; api_v3_key likewise, and empty when it is not set yet';
comment on column pay_merchant.public_key_id is 'PUB_KEY_ID_… of WeChat Pay; empty in pure certificate mode';
comment on column pay_merchant.public_key is 'PEM of WeChat Pay''s public key';
comment on column pay_merchant.mini_program is 'path of the mini-program''s own payment page, to which a web-view inside it jumps; empty: none';
create unique index pay_merchant_once on pay_merchant (mch_id);
create unique index pay_merchant_default on pay_merchant (corp_id) where is_default;

create table pay_certificate (
  corp_id text not null,
  mch_id text not null,
  serial_no text not null,
  pem text not null,
  effective_at timestamptz not null,
  expires_at timestamptz not null,
  fetched_at timestamptz not null,
  primary key (corp_id, mch_id, serial_no),
  foreign key (corp_id, mch_id) references pay_merchant on delete cascade
);
comment on table pay_certificate is 'platform certificates of WeChat Pay, as it gave them to the merchant';

create table pay_bill (
  corp_id text not null references corp on delete cascade,
  id bigint generated always as identity,
  dev_id text not null default '',
  bill_no text not null,
  content_hash text not null,
  payer_id bigint,
  payer_user_id text not null,
  payer_name text not null,
  title text not null,
  amount integer not null check (amount > 0),
  items jsonb not null default '[]',
  due_at timestamptz,
  remark text not null default '',
  attachment_url text not null default '',
  notify boolean not null default false,
  mch_id text not null default '',
  state text not null default 'open' check (state in ('open', 'paid', 'closed')),
  refunded integer not null default 0 check (refunded between 0 and amount),
  order_id bigint,
  created_at timestamptz not null,
  created_by text not null default '',
  told_at timestamptz,
  remind_at timestamptz,
  seen_at timestamptz,
  paid_at timestamptz,
  closed_at timestamptz,
  primary key (corp_id, id),
  foreign key (corp_id, payer_id) references member (corp_id, id) on delete set null (payer_id)
);
comment on column pay_bill.dev_id is 'the developer who created it; empty: the console or the command line';
comment on column pay_bill.bill_no is 'the creator''s own number';
comment on column pay_bill.content_hash is 'of what was asked for, so that a repetition with other content is told apart';
comment on column pay_bill.payer_user_id is 'as it was then, with the name: a bill outlives the member''s row';
comment on column pay_bill.mch_id is 'empty: the corp''s default merchant';
comment on column pay_bill.order_id is 'the order that paid it, or the one alive order that may still pay it';
comment on column pay_bill.refunded is 'fen that WeChat Pay has given back; the whole amount: refunded';
comment on column pay_bill.remind_at is 'when the payer is told next, first of the bill and then before it is due; null: never again';
create unique index pay_bill_no on pay_bill (corp_id, bill_no, dev_id);
create index pay_bill_waiting on pay_bill (corp_id, payer_id) where state = 'open';
create index pay_bill_payer on pay_bill (corp_id, payer_id, id);
create index pay_bill_developer on pay_bill (corp_id, dev_id, id) include (state);
create index pay_bill_state on pay_bill (corp_id, state, id);
create index pay_bill_day on pay_bill (corp_id, created_at);
-- Without them PostgreSQL takes every bill for a day of its own, and sorts all of them to add up the days.
create statistics pay_bill_days on ((created_at at time zone interval '8 hours')::date) from pay_bill;
create index pay_bill_remind on pay_bill (corp_id, remind_at) where remind_at is not null;

create table pay_bill_event (
  corp_id text not null,
  bill_id bigint not null,
  id bigint generated always as identity,
  kind text not null,
  actor text not null default '',
  detail jsonb not null default '{}',
  at timestamptz not null,
  primary key (corp_id, bill_id, id),
  foreign key (corp_id, bill_id) references pay_bill on delete cascade
);
comment on table pay_bill_event is 'the timeline of a bill';
comment on column pay_bill_event.kind is
  'created | told | reminded | seen | ordered | orderClosed | paid | differs | refundAsked | refunded | refundFailed | closed | mended';
comment on column pay_bill_event.actor is 'as in audit; empty: wisp itself or WeChat Pay';

create table pay_order (
  corp_id text not null,
  id bigint generated always as identity,
  mch_id text not null,
  out_trade_no text not null,
  product text not null check (product in ('jsapi', 'native', 'h5')),
  app_id text not null,
  openid text not null default '',
  scene jsonb not null default '{}',
  description text not null,
  notify_url text not null,
  amount integer not null check (amount > 0),
  state text not null default 'open' check (state in ('open', 'paid', 'closed')),
  ticket text not null default '',
  ticket_at timestamptz,
  expires_at timestamptz not null,
  transaction_id text not null default '',
  trade_state text not null default '',
  paid_at timestamptz,
  payer_openid text not null default '',
  polls integer not null default 0,
  poll_at timestamptz,
  asked_at timestamptz,
  fault jsonb,
  fault_at timestamptz,
  created_at timestamptz not null,
  closed_at timestamptz,
  primary key (corp_id, id),
  foreign key (corp_id, mch_id) references pay_merchant on delete cascade
);
comment on column pay_order.scene is 'where an h5 order is paid: clientIp and device';
comment on column pay_order.notify_url is 'kept with the other parameters, because a repetition has to be identical';
comment on column pay_order.ticket is 'prepay_id, code_url or h5_url of WeChat Pay; empty until it answered';
comment on column pay_order.ticket_at is 'when that was given: a prepay_id and a code_url live 2 h, an h5_url 5 min';
comment on column pay_order.expires_at is 'time_expire, which stays as it was first sent';
comment on column pay_order.trade_state is 'as WeChat Pay last told it';
comment on column pay_order.poll_at is 'when WeChat Pay is asked next; null: never again';
comment on column pay_order.asked_at is 'when a page that waits last had WeChat Pay asked, which counts over all nodes';
comment on column pay_order.fault is 'the last thing that WeChat Pay told and that was not applied, because it does not fit: what, theirs, ours';
create index pay_order_age on pay_order (corp_id, created_at);
create unique index pay_order_no on pay_order (corp_id, mch_id, out_trade_no);
create index pay_order_poll on pay_order (corp_id, poll_at) where poll_at is not null;
create index pay_order_fault on pay_order (fault_at) where fault_at is not null;
create index pay_order_paid on pay_order (corp_id, mch_id, paid_at) where state = 'paid';

create table pay_order_bill (
  corp_id text not null,
  order_id bigint not null,
  bill_id bigint not null,
  amount integer not null,
  is_alive boolean not null default true,
  primary key (corp_id, order_id, bill_id),
  foreign key (corp_id, order_id) references pay_order on delete cascade,
  foreign key (corp_id, bill_id) references pay_bill on delete cascade
);
comment on column pay_order_bill.is_alive is 'false once the order is closed: the bill is free for another one';
create unique index pay_order_bill_alive on pay_order_bill (corp_id, bill_id) where is_alive;

create table pay_refund (
  corp_id text not null,
  id bigint generated always as identity,
  order_id bigint not null,
  bill_id bigint not null,
  mch_id text not null,
  out_refund_no text not null,
  amount integer not null check (amount > 0),
  reason text not null default '',
  state text not null default 'asked' check (state in ('asked', 'processing', 'success', 'closed', 'abnormal')),
  refund_id text not null default '',
  received_account text not null default '',
  answer jsonb not null default '{}',
  actor text not null,
  polls integer not null default 0,
  poll_at timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (corp_id, id),
  foreign key (corp_id, order_id) references pay_order on delete cascade,
  foreign key (corp_id, bill_id) references pay_bill on delete cascade
);
comment on column pay_refund.state is 'asked: stored before WeChat Pay is called; the others as WeChat Pay told them';
comment on column pay_refund.answer is 'the last answer of WeChat Pay about it: status, code and text';
create unique index pay_refund_no on pay_refund (corp_id, mch_id, out_refund_no);
create index pay_refund_day on pay_refund (corp_id, mch_id, created_at);
create index pay_refund_order on pay_refund (corp_id, order_id);
create index pay_refund_bill on pay_refund (corp_id, bill_id);
create index pay_refund_poll on pay_refund (corp_id, poll_at) where poll_at is not null;

create table pay_reconciliation (
  corp_id text not null,
  mch_id text not null,
  day date not null,
  state text not null check (state in ('waiting', 'done', 'failed')),
  reason text not null default '',
  trade_bill jsonb not null default '{}',
  fund_bill jsonb not null default '{}',
  tried_at timestamptz not null,
  due_at timestamptz,
  primary key (corp_id, mch_id, day),
  foreign key (corp_id, mch_id) references pay_merchant on delete cascade
);
comment on column pay_reconciliation.day is 'in China';
comment on column pay_reconciliation.trade_bill is 'counts and sums of WeChat Pay''s file and of ours; fund_bill likewise';
comment on column pay_reconciliation.due_at is 'when it is tried again; null: it is finished';

create index pay_reconciliation_age on pay_reconciliation (corp_id, tried_at);

create table pay_difference (
  corp_id text not null,
  mch_id text not null,
  day date not null,
  kind text not null check (kind in ('payment', 'refund', 'fund')),
  number text not null,
  difference text not null check (difference in ('thereOnly', 'hereOnly', 'amount')),
  theirs integer,
  ours integer,
  state text not null check (state in ('open', 'mended', 'acknowledged')),
  note text not null default '',
  at timestamptz not null,
  acknowledged_by text not null default '',
  primary key (corp_id, mch_id, day, kind, number),
  foreign key (corp_id, mch_id, day) references pay_reconciliation on delete cascade
);
create index pay_difference_open on pay_difference (corp_id, mch_id) where state = 'open';
comment on column pay_difference.number is 'out_trade_no or out_refund_no; of the fund bill the number of its line';
comment on column pay_difference.state is 'mended: WeChat Pay was right and ours was corrected';
