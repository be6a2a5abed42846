/** What an address of the portal names: the workbench (undefined), or an app and a page of it. */
export type PortalRoute = { appId: string; path: string | undefined } | undefined

const appPath = /^\/(?:portal|mobile)\/app\/([\w-]{1,64})$/

export function readPlace(location: { pathname: string; search: string }): PortalRoute {
  const appId = appPath.exec(location.pathname)?.[1]
  if (appId === undefined) return undefined
  return { appId, path: new URLSearchParams(location.search).get('path') || undefined }
}

export function addressOfPlace(base: '/portal' | '/mobile', place: PortalRoute): string {
  if (!place) return base
  const query = place.path === undefined ? '' : `?${new URLSearchParams({ path: place.path })}`
  return `${base}/app/${place.appId}${query}`
}
