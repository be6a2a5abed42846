import { Type } from 'typebox'
import { adminCall } from '../../platform/http/admin/admin-call.ts'
import { receiversOf } from './receiver-store.ts'
import { receiverSchema, sampleReceiver, viewOf } from './receiver-view.ts'
import type { SiemNeeds } from './receivers.ts'

/** Tokens see the receivers and change none: that would be a way to the audit log for those that may not read it. */
export const adminReceivers = adminCall({
  method: 'GET',
  path: '/api/admin/siem',
  summary: {
    zh: '列出审计的接收端（SIEM）和状态',
    en: 'List receivers of the audit log (SIEM) and their state',
  },
  scope: 'admin:read',
  point: 'audit:read',
  reach: 'corp',
  input: {},
  output: Type.Object({ list: Type.Array(receiverSchema) }),
  errors: [],
  sample: { list: [{ ...sampleReceiver, sentAt: sampleReceiver.sentAt?.toISOString() }] },
  handle: async (ctx: SiemNeeds, { corpId, language }) => ({
    list: (await receiversOf(ctx.db, corpId)).map(one => viewOf(one, ctx.now(), language)),
  }),
})
