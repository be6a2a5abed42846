/**
 * People from outside WeCom (外部人员): people.ts says who they are, becoming/ how they become members, sign-in/ how they sign in beside codes
 * and passkeys, work.ts when they are reminded and end. How the address book keeps them is in directory/write/external.ts.
 */

import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { SubmitNeeds } from '../messages/accept/submit.ts'
import * as admin from './admin/external-admin-calls.ts'
import { externalAttention, sponsorLeft } from './attention.ts'
import * as portal from './becoming/portal-calls.ts'
import { externalCommands } from './commands.ts'
import * as calls from './console-calls.ts'
import { externalEvents, readEnded } from './external-events.ts'
import * as imports from './import/import-calls.ts'
import { externalPersonal, externalRetention } from './retention.ts'
import { registerLinkPage } from './sign-in/link-page.ts'
import { linksSent, type MailLinkNeeds } from './sign-in/mail-link.ts'
import { mailLinkAsk } from './sign-in/mail-link-calls.ts'
import { handleExternalPeople } from './work.ts'

export const externalPeopleFeature = feature<MailLinkNeeds & SubmitNeeds & { bodies: BodiesInProgress }>()({
  name: 'external-people',
  optional: {
    title: { zh: '外部人员', en: 'People from outside WeCom' },
    brings: {
      zh: '有期限的账号',
      en: 'Accounts with an end, for contractors and others',
    },
    whenOff: ['/web/external/people/end', '/web/external/becoming/decide', '/web/portal/external/decide'],
  },
  scopes: ['directory:external'],
  adminCalls: [
    admin.adminExternal,
    admin.adminAddExternal,
    admin.adminSetExternal,
    admin.adminEndExternal,
    admin.adminProposals,
    admin.adminDecide,
  ],
  pageCalls: [
    calls.listExternal,
    calls.saveExternal,
    calls.endExternal,
    calls.saveExternalDepartment,
    calls.removeExternalDepartment,
    calls.listProposals,
    calls.decideProposal,
    imports.previewExternal,
    imports.applyExternal,
    imports.externalTemplate,
    portal.myExternal,
    portal.proveAsk,
    portal.proveTake,
    portal.sponsorDecides,
    mailLinkAsk,
  ],
  routes: registerLinkPage,
  commands: externalCommands,
  commandGroups: {
    external: { zh: '添加、修改和结束外部人员', en: 'Add, change and end the stay of external people' },
  },
  eventTypes: externalEvents,
  events: readEnded,
  personal: externalPersonal,
  tables: externalRetention,
  causes: { sponsorLeft },
  attention: externalAttention,
  work: handleExternalPeople,
  close: linksSent,
})
