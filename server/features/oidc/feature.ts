/**
 * The folders of oidc/: provider/ sets oidc-provider up and follows wisp's sessions; entry/ is what a person still has to do;
 * storage/ what is in progress and issued; keys/ their rotation.
 */

import { feature } from '../../platform/manifest/feature.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import { oidcCommands } from './keys/commands.ts'
import { rotateAgedKeys } from './keys/keys.ts'
import { logoutForm } from './logout-token.ts'
import { registerOidc } from './mount.ts'
import type { Needs } from './needs.ts'
import { createProviders, type Providers } from './provider/providers.ts'
import { oidcPersonal, oidcRetention } from './retention.ts'
import { oidcSealed } from './sealed.ts'

/** Signing in to other systems by OpenID Connect. */
export const oidcFeature = feature<Needs & { jobs: Jobs }, { oidc: Providers }>()({
  name: 'oidc',
  personal: oidcPersonal,
  tables: oidcRetention,
  sealed: oidcSealed,
  commands: oidcCommands,
  commandGroups: {
    oidc: { zh: '更换 OpenID Connect 的签名密钥', en: 'Replace the signing keys of OpenID Connect' },
    'oidc keys': {
      zh: '列出和更换 OpenID Connect 的签名密钥',
      en: 'List and replace the signing keys of OpenID Connect',
    },
  },
  create(ctx) {
    const oidc = createProviders(ctx)
    ctx.logouts.speak('oidc', logout => logoutForm({ ...ctx, oidc }, logout))
    return { oidc }
  },
  readers: ({ oidc }) => [oidc],
  returnTo: (_ctx, path) => /^\/oidc(\/[\w.-]+)*\/interaction\/[\w-]+$/.test(path),
  routes: registerOidc,
  schedule: ctx => ctx.jobs.schedule('oidc-keys', '40 3 * * *', () => rotateAgedKeys(ctx)),
})
