import { type ReactNode, type RefObject, useEffect, useState } from 'react'
import { useText } from '../../ui/text.ts'
import { pageRights } from '../apps/page-rights.ts'
import type { OpenedApp } from '../data.ts'
import { Icon } from '../icons.tsx'
import { Sheet } from '../sheet.tsx'
import { type PopupRequest, sizeOf } from './popup-rules.ts'

export type ShownPopup = { n: number; opened: OpenedApp; request: PopupRequest; isForeign: boolean }

type Props = {
  popup: ShownPopup
  frame: RefObject<HTMLIFrameElement | null>
  isPhone: boolean
  onClose(): void
}

const headHeight = 48
const margin = 24
const usual = { width: 800, height: 560 }

/** A dialog with a page that an app requested. For a foreign site its host is shown beside the title. */
export function PopupDialog({ popup, frame, isPhone, onClose }: Props): ReactNode {
  const t = useText('portal')
  const { request, isForeign } = popup
  const room = useRoom()
  const [isLoaded, setLoaded] = useState(false)
  const width = sizeOf(request.width, room.width - 2 * margin, usual.width)
  const height = sizeOf(request.height, room.height - 2 * margin - headHeight, usual.height)
  const title = isForeign ? (
    <>
      <span className="wb-cut">{request.title}</span>
      <span className="wb-host" title={t('foreignPage')}>
        {new URL(request.url).host}
      </span>
    </>
  ) : (
    <span className="wb-cut">{request.title}</span>
  )
  const actions = (
    <a
      className="wb-plain"
      href={request.url}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={t('openInWindow')}
      title={t('openInWindow')}
    >
      <Icon name="open" size={18} />
    </a>
  )
  return (
    <Sheet
      place={isPhone ? 'bottom' : 'middle'}
      className="wb-popup"
      title={title}
      actions={actions}
      onClose={onClose}
    >
      {isLoaded ? null : <div className="wb-line" role="progressbar" aria-label={t('appLoading')} />}
      <iframe
        ref={frame}
        src={request.url}
        title={request.title}
        referrerPolicy="origin"
        allow="clipboard-write; fullscreen"
        sandbox={pageRights}
        style={isPhone ? {} : { width, height }}
        onLoad={() => setLoaded(true)}
      />
    </Sheet>
  )
}

function useRoom(): { width: number; height: number } {
  const read = () => ({ width: innerWidth, height: innerHeight })
  const [room, setRoom] = useState(read)
  useEffect(() => {
    const update = () => setRoom(read())
    addEventListener('resize', update)
    return () => removeEventListener('resize', update)
  }, [])
  return room
}
