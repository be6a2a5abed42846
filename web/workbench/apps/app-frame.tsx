import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useText } from '../../ui/text.ts'
import { type AppReach, type OpenedApp, reachOf } from '../data.ts'
import type { Frames } from './frames.ts'
import { pageRights } from './page-rights.ts'
import { Trouble } from './trouble.tsx'

const slowAfterMs = 10_000

type Props = {
  opened: OpenedApp
  frames: Frames
  /** Opens the same page again with a new ticket. */
  retry(): void
}

/** An app's page in a frame, with a progress line while it loads and an explanation when nothing appears. */
export function AppFrame(props: Props): ReactNode {
  const { opened, frames } = props
  const t = useText('portal')
  const ref = useRef<HTMLIFrameElement>(null)
  const [isLoaded, setLoaded] = useState(false)
  const [isPatient, setPatient] = useState(false)
  const isSlow = useIsSlow(!isLoaded)
  const reach = useReach(opened)
  useEffect(() => {
    const element = ref.current
    if (!element) return undefined
    frames.set(opened, element)
    return () => frames.remove(element)
  }, [opened, frames])
  const isMixed = location.protocol === 'https:' && opened.url.startsWith('http:')
  const trouble = isMixed ? 'mixed' : troubleOf(reach, isSlow)
  const isShown = !trouble || isPatient
  return (
    <div className="wb-frame" aria-busy={!isLoaded}>
      {isLoaded || !isShown ? null : (
        <div className="wb-line" role="progressbar" aria-label={t('appLoading')} />
      )}
      {isMixed ? null : (
        <iframe
          ref={ref}
          src={opened.url}
          title={opened.title}
          // The app learns the origin from which it was opened, but not the rest of our address.
          referrerPolicy="origin"
          allow={isOwn(opened) ? ownAllowance : 'fullscreen'}
          sandbox={`${pageRights} allow-top-navigation-by-user-activation`}
          inert={!isShown}
          onLoad={() => setLoaded(true)}
        />
      )}
      {isShown ? null : (
        <Trouble
          kind={trouble}
          opened={opened}
          retry={props.retry}
          {...(isMixed ? {} : { ignore: () => setPatient(true) })}
        />
      )}
    </div>
  )
}

const ownAllowance = 'clipboard-read; clipboard-write; fullscreen; geolocation; camera; microphone; autoplay'

/** Whether the page is the app's own: a menu may also lead to other sites. */
function isOwn(opened: OpenedApp): boolean {
  return opened.origins.includes(new URL(opened.url).origin)
}

function useIsSlow(isWaiting: boolean): boolean {
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    if (!isWaiting) return setSlow(false)
    const timer = setTimeout(() => setSlow(true), slowAfterMs)
    return () => clearTimeout(timer)
  }, [isWaiting])
  return isSlow
}

/** The browser does not tell why the frame of another site stays white, so the server checks the address. */
function useReach(opened: OpenedApp): AppReach | undefined {
  const [reach, setReach] = useState<AppReach>()
  useEffect(() => {
    let isHere = true
    reachOf(opened.id).then(
      found => isHere && setReach(found),
      () => undefined,
    )
    return () => {
      isHere = false
    }
  }, [opened])
  return reach
}

/**
 * The server may reach less than this browser does, so its result "slow" counts only while the frame is still
 * loading.
 */
function troubleOf(
  reach: AppReach | undefined,
  isSlow: boolean,
): 'down' | 'broken' | 'unframed' | 'slow' | undefined {
  if (reach === 'down' || reach === 'broken' || reach === 'unframed') return reach
  return isSlow ? 'slow' : undefined
}
