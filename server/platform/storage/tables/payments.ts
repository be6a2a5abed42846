import type { Generated } from 'kysely'

/** The tables of unified payment; migrations/ explains the columns. Money is whole fen. */
export type PaymentTables = {
  pay_merchant: {
    corp_id: string
    mch_id: string
    name: string
    app_ids: string[]
    serial_no: string
    private_key: string
    api_v3_key: string
    public_key_id: Generated<string>
    public_key: Generated<string>
    mini_program: Generated<string>
    certificate: Generated<string>
    enabled: Generated<boolean>
    is_default: Generated<boolean>
    created_at: Date
    updated_at: Date
  }
  pay_certificate: {
    corp_id: string
    mch_id: string
    serial_no: string
    pem: string
    effective_at: Date
    expires_at: Date
    fetched_at: Date
  }
  pay_bill: {
    corp_id: string
    id: Generated<number>
    dev_id: Generated<string>
    bill_no: string
    content_hash: string
    payer_id: number | null
    payer_user_id: string
    payer_name: string
    title: string
    amount: number
    items: Generated<unknown>
    due_at: Date | null
    remark: Generated<string>
    attachment_url: Generated<string>
    notify: Generated<boolean>
    mch_id: Generated<string>
    state: Generated<'open' | 'paid' | 'closed'>
    refunded: Generated<number>
    order_id: Generated<number | null>
    created_at: Date
    created_by: Generated<string>
    told_at: Generated<Date | null>
    remind_at: Generated<Date | null>
    seen_at: Generated<Date | null>
    paid_at: Generated<Date | null>
    closed_at: Generated<Date | null>
  }
  pay_bill_event: {
    corp_id: string
    bill_id: number
    id: Generated<number>
    kind: string
    actor: Generated<string>
    detail: Generated<unknown>
    at: Date
  }
  pay_order: {
    corp_id: string
    id: Generated<number>
    mch_id: string
    out_trade_no: string
    product: 'jsapi' | 'native' | 'h5'
    app_id: string
    openid: Generated<string>
    scene: Generated<unknown>
    description: string
    notify_url: string
    amount: number
    state: Generated<'open' | 'paid' | 'closed'>
    ticket: Generated<string>
    ticket_at: Generated<Date | null>
    expires_at: Date
    transaction_id: Generated<string>
    trade_state: Generated<string>
    paid_at: Generated<Date | null>
    payer_openid: Generated<string>
    polls: Generated<number>
    poll_at: Generated<Date | null>
    asked_at: Generated<Date | null>
    fault: Generated<unknown>
    fault_at: Generated<Date | null>
    created_at: Date
    closed_at: Generated<Date | null>
  }
  pay_order_bill: {
    corp_id: string
    order_id: number
    bill_id: number
    amount: number
    is_alive: Generated<boolean>
  }
  pay_refund: {
    corp_id: string
    id: Generated<number>
    order_id: number
    bill_id: number
    mch_id: string
    out_refund_no: string
    amount: number
    reason: Generated<string>
    state: Generated<'asked' | 'processing' | 'success' | 'closed' | 'abnormal'>
    refund_id: Generated<string>
    received_account: Generated<string>
    answer: Generated<unknown>
    actor: string
    polls: Generated<number>
    poll_at: Generated<Date | null>
    created_at: Date
    ended_at: Generated<Date | null>
    dev_id: Generated<string | null>
    request_id: Generated<string | null>
  }
  pay_reconciliation: {
    corp_id: string
    mch_id: string
    day: string
    state: 'waiting' | 'done' | 'failed'
    reason: Generated<string>
    trade_bill: Generated<unknown>
    fund_bill: Generated<unknown>
    tried_at: Date
    due_at: Generated<Date | null>
  }
  pay_difference: {
    corp_id: string
    mch_id: string
    day: string
    kind: 'payment' | 'refund' | 'fund'
    number: string
    difference: 'thereOnly' | 'hereOnly' | 'amount'
    theirs: number | null
    ours: number | null
    state: 'open' | 'mended' | 'acknowledged'
    note: Generated<string>
    at: Date
    acknowledged_by: Generated<string>
  }
}
