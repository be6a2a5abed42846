import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { type ReactNode, useMemo, useRef } from 'react'
import { api } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { useSettled } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import type { PreviewState } from '../channels/channel-view.ts'
import { PreviewCard } from '../previews.tsx'
import type { ComposeBody } from './compose-body.ts'
import { ForecastView } from './forecast-view.tsx'

const previewAfterMs = 300
/** Foreseeing looks at every receiver, of whom there may be very many. */
const foreseeAfterMs = 800

/**
 * The preview, shortly after the typing pauses, and below it what sending would do. Without a body nothing was typed yet,
 * without `foreseen` nobody was chosen.
 */
export function ComposePreviewPane(props: {
  body: ComposeBody | undefined
  checked: PreviewState
  foreseen: ComposeBody | undefined
  /** What is typed, where it is drawn here; it says itself what is wrong. */
  draft: ReactNode
}): ReactNode {
  const t = useText('messages')
  const textOf = useErrorText()
  const foreseen = usePreview(props.foreseen, foreseeAfterMs, true)
  // A link that is half typed is refused; what was shown before stays beside the reason.
  const { checked } = props
  const last = useRef<PreviewState['preview']>(undefined)
  if (checked.preview) last.current = checked.preview
  const shown = props.body ? last.current : undefined
  return (
    <section aria-label={t('preview')} aria-live="polite">
      {props.body ? null : <EmptyState title={t('previewEmpty')} />}
      {props.body && checked.error && !props.draft ? (
        <Alert type="warning" showIcon title={textOf(checked.error)} style={{ marginBottom: 12 }} />
      ) : null}
      {props.draft ?? (shown ? <PreviewCard preview={shown} /> : null)}
      {props.foreseen && foreseen.error && !checked.error ? (
        <Alert type="warning" showIcon title={textOf(foreseen.error)} style={{ marginTop: 16 }} />
      ) : null}
      {props.foreseen && foreseen.data?.forecast ? (
        <div style={{ marginTop: 16 }}>
          <ForecastView forecast={foreseen.data.forecast} />
        </div>
      ) : null}
    </section>
  )
}

const none: PreviewState['warnings'] = []

/** What the server says of the message, shortly after the typing pauses. */
export function useChecked(body: ComposeBody | undefined): PreviewState {
  const { data, error } = usePreview(body, previewAfterMs, false)
  return { error, preview: data?.preview, warnings: data?.warnings ?? none }
}

function usePreview(wanted: ComposeBody | undefined, afterMs: number, isForeseen: boolean) {
  const settled = useSettled(JSON.stringify(wanted ?? null), afterMs)
  const body = useMemo(() => JSON.parse(settled) as ComposeBody | null, [settled])
  return useQuery({
    queryKey: ['/web/messages/preview', settled, isForeseen],
    queryFn: () =>
      api.post('/web/messages/preview', { ...(body as ComposeBody), forecast: isForeseen ? '1' : '0' }),
    enabled: body !== null,
    placeholderData: before => before,
    retry: false,
  })
}
