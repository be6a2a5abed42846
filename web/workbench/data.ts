import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { type Answer, api } from '../ui/data/api.ts'
import { useSession } from '../ui/data/session.tsx'
import { type Language, useLanguage } from '../ui/language.ts'
import { setThemeChoice, type ThemeChoice } from '../ui/look/theme-choice.ts'
import { followUnread } from './follow-unread.ts'

export type WorkbenchAnswer = Answer<'/web/portal/workbench'>
export type Tile = WorkbenchAnswer['apps'][number]
export type OpenedApp = Answer<'/web/portal/open'>
export type Profile = Answer<'/web/portal/me'>
type UnreadCounts = Answer<'/web/portal/unread'>
export type WaitingAnswer = Answer<'/web/portal/waiting'>
type AnnouncementsAnswer = Answer<'/web/portal/announcements'>
export type ShownAnnouncement = AnnouncementsAnswer['list'][number]
export type AppReach = Answer<'/web/portal/reach'>['reach']

const workbenchKey = ['/web/portal/workbench']
const unreadKey = ['/web/portal/unread']
const messagesKey = ['/web/portal/messages']
const waitingKey = ['/web/portal/waiting']
const announcementsKey = ['/web/portal/announcements']

export function useWorkbench() {
  return useQuery({
    queryKey: workbenchKey,
    queryFn: ({ signal }) => api.get('/web/portal/workbench', {}, signal),
  })
}

/** The official accounts of the corp, with those that the person is linked to. `every`: asked again after so many ms. */
export function useOwnLinks(every?: number) {
  return useQuery({
    queryKey: ['/web/official/own'],
    queryFn: ({ signal }) => api.get('/web/official/own', {}, signal),
    ...(every === undefined ? {} : { refetchInterval: every }),
  })
}

/** What the person is asked about people from outside WeCom. */
export function useOwnExternal() {
  return useQuery({
    queryKey: ['/web/portal/external'],
    queryFn: ({ signal }) => api.get('/web/portal/external', {}, signal),
  })
}

/** The developers that the person owns. */
export function useOwnDevelopers() {
  return useQuery({
    queryKey: ['/web/developers/own'],
    queryFn: ({ signal }) => api.get('/web/developers/own', {}, signal),
  })
}

/** Number of unread messages, up to 100, within seconds of their arrival. */
export function useUnread(): number {
  const client = useQueryClient()
  const { person } = useSession()
  const { data } = useQuery({
    queryKey: unreadKey,
    queryFn: ({ signal }) => api.get('/web/portal/unread', {}, signal),
  })
  const isCounted = data !== undefined
  const owner = person.corpId && `${person.corpId} ${person.userId}`
  useEffect(() => {
    // The local administrator, who belongs to no corp, has no messages.
    if (!isCounted || !owner) return
    const known = () => client.getQueryData<UnreadCounts>(unreadKey)?.unread ?? 0
    const over = new AbortController()
    followUnread(
      owner,
      known,
      unread => {
        if (unread > known()) void client.invalidateQueries({ queryKey: messagesKey })
        client.setQueryData<UnreadCounts>(unreadKey, { unread })
        void client.invalidateQueries({ queryKey: waitingKey })
      },
      over.signal,
    )
    return () => over.abort()
  }, [client, isCounted, owner])
  return data?.unread ?? 0
}

/** What waits for the person. It is asked again when the page that shows it is `isShown` again. */
export function useWaiting(isShown = true) {
  const language = useLanguage()
  return useQuery({
    queryKey: [...waitingKey, language],
    queryFn: ({ signal }) => api.get('/web/portal/waiting', {}, signal),
    enabled: isShown,
  })
}

export function useAnnouncements(isShown = true) {
  return useQuery({
    queryKey: announcementsKey,
    queryFn: ({ signal }) => api.get('/web/portal/announcements', {}, signal),
    enabled: isShown,
  })
}

/** Says once that these announcements are on the screen. */
export function useAnnouncementsShown(shown: readonly ShownAnnouncement[]): void {
  const client = useQueryClient()
  const fresh = shown.flatMap(one => (one.wasShown ? [] : one.id)).join()
  useEffect(() => {
    if (fresh === '') return
    const ids = new Set(fresh.split(',').map(Number))
    client.setQueryData<AnnouncementsAnswer>(
      announcementsKey,
      before =>
        before && { list: before.list.map(one => (ids.has(one.id) ? { ...one, wasShown: true } : one)) },
    )
    for (const id of ids) void noteAnnouncement(id, false)
  }, [fresh, client])
}

/** Says that an announcement was on the screen, or opened. Nothing depends on it here, so that a failure is not shown. */
export function noteAnnouncement(id: number, isOpened: boolean): Promise<unknown> {
  return api
    .post('/web/portal/announcements/seen', { id, opened: isOpened ? '1' : '0' })
    .catch(() => undefined)
}

/** Puts an announcement away. The page shows it before the server has answered. */
export function usePutAway(): (id: number) => void {
  const client = useQueryClient()
  const { mutate } = useMutation({
    mutationFn: (id: number) => api.post('/web/portal/announcements/put-away', { id }),
    onMutate: id => {
      client.setQueryData<AnnouncementsAnswer>(
        announcementsKey,
        before =>
          before && { list: before.list.map(one => (one.id === id ? { ...one, isPutAway: true } : one)) },
      )
    },
    onSettled: () => client.invalidateQueries({ queryKey: announcementsKey }),
  })
  return mutate
}

export function useProfile() {
  return useQuery({
    queryKey: ['/web/portal/me'],
    queryFn: ({ signal }) => api.get('/web/portal/me', {}, signal),
  })
}

/** Adds or removes a favourite. The tile shows the change before the server has answered. */
export function useFavourite(): (appId: string, isFavourite: boolean) => void {
  const client = useQueryClient()
  const { mutate } = useMutation({
    mutationFn: ({ appId, isFavourite }: { appId: string; isFavourite: boolean }) =>
      api.post('/web/portal/favourites', { appId, act: isFavourite ? 'put' : 'drop' }),
    onMutate: ({ appId, isFavourite }) => {
      client.setQueryData<WorkbenchAnswer>(workbenchKey, before => {
        if (!before) return before
        const others = before.favourites.filter(id => id !== appId)
        return { ...before, favourites: isFavourite ? [...others, appId] : others }
      })
    },
    onSettled: () => client.invalidateQueries({ queryKey: workbenchKey }),
  })
  return (appId, isFavourite) => mutate({ appId, isFavourite })
}

export function useFavouriteOrder(): (appIds: string[]) => void {
  const client = useQueryClient()
  const { mutate } = useMutation({
    mutationFn: (appIds: string[]) => api.post('/web/portal/favourites/order', { appIds }),
    onMutate: appIds => {
      client.setQueryData<WorkbenchAnswer>(
        workbenchKey,
        before => before && { ...before, favourites: appIds },
      )
    },
    onSettled: () => client.invalidateQueries({ queryKey: workbenchKey }),
  })
  return mutate
}

export function openApp(appId: string, device: 'desktop' | 'phone', menuPath?: string): Promise<OpenedApp> {
  return api.post('/web/portal/open', { appId, device, ...(menuPath ? { menuPath } : {}) })
}

/** Returns a function that records an app as opened most recently. */
export function useNoteOpened(): (appId: string) => void {
  const client = useQueryClient()
  return appId =>
    client.setQueryData<WorkbenchAnswer>(
      workbenchKey,
      before => before && { ...before, recent: [appId, ...before.recent.filter(id => id !== appId)] },
    )
}

export async function reachOf(appId: string): Promise<AppReach> {
  const { reach } = await api.post('/web/portal/reach', { appId })
  return reach
}

/** The choices of language, named in the language itself. */
export const languages: readonly { value: Language; name: string }[] = [
  { value: 'zh', name: '中文' },
  { value: 'en', name: 'English' },
]
export const themes: readonly ThemeChoice[] = ['system', 'light', 'dark']
export { setThemeChoice }
