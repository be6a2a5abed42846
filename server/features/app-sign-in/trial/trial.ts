import type { AppSignIn } from '../app-sign-in.ts'

const clientPrefix = 'wisp-trial-'
const path = '/signin/trial'

/** Where a trial comes back to: wisp's own page, on the host of the issuer or of the CAS address. */
export function trialAddress(base: string, appId: string): string {
  return `${new URL(base).origin}${path}/${encodeURIComponent(appId)}`
}

export function trialClientId(appId: string): string {
  return `${clientPrefix}${appId}`
}

/** The app of a client that is there for trials alone; undefined for any other client. */
export function appOfTrial(clientId: string): string | undefined {
  return clientId.startsWith(clientPrefix) ? clientId.slice(clientPrefix.length) : undefined
}

/**
 * The app as a public client whose only address is wisp's own page: whoever may enter the app sees by it what the application would
 * receive, without knowing its secret. It is told of no logout, and gets no token that lasts.
 */
export function trialClient(signIn: AppSignIn, issuer: string): AppSignIn | undefined {
  if (!signIn.oidc || issuer === '') return undefined
  return {
    ...signIn,
    clientSecret: '',
    oidc: {
      ...signIn.oidc,
      clientId: trialClientId(signIn.appId),
      isPublic: true,
      redirectUris: [trialAddress(issuer, signIn.appId)],
      postLogoutRedirectUris: [],
      logoutUri: '',
      privateSchemes: false,
      refresh: false,
      device: false,
    },
  }
}

/** The same for CAS: the app with wisp's own page as its only service. */
export function trialService(signIn: AppSignIn, casBase: string): AppSignIn | undefined {
  if (!signIn.cas || casBase === '') return undefined
  const services = [trialAddress(casBase, signIn.appId)]
  const allowsHttp = services.some(one => one.startsWith('http:'))
  return { ...signIn, cas: { ...signIn.cas, services, allowsHttp, singleLogout: false, logoutUri: '' } }
}
