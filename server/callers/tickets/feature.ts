import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import type { Tickets } from '../../platform/http/visitor.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Protection } from '../protection/protection.ts'
import { getInfo } from './api.ts'
import { ticketPersonal, ticketRetention } from './retention.ts'
import { createTickets, endTicketsOfMembers } from './tickets.ts'

type Services = { tickets: Tickets }

/** jessionIds, by which an app learns who opened it. */
export const ticketsFeature = feature<
  Core & { mirrors: Mirrors; protection: Protection; roles: Roles },
  Services
>()({
  name: 'tickets',
  calls: [getInfo],
  personal: ticketPersonal,
  tables: ticketRetention,
  create: ctx => ({ tickets: createTickets(ctx) }),
  endAccess: endTicketsOfMembers,
})
