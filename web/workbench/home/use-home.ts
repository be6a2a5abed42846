import { useAnnouncements, useWaiting, useWorkbench } from '../data.ts'

/**
 * All that the first page shows, which appears at once so that nothing moves later. Only the apps are indispensable: where something
 * else fails, the page says so in its place.
 */
export function useHome(isShown: boolean) {
  const apps = useWorkbench()
  const waiting = useWaiting(isShown)
  const announcements = useAnnouncements(isShown)
  const isComplete = [waiting, announcements].every(one => one.data !== undefined || one.isError)
  return { ...apps, isReady: apps.data !== undefined && isComplete }
}
