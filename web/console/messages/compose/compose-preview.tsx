import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { type ReactNode, useMemo } from 'react'
import { api } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { useSettled } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { PreviewCard } from '../previews.tsx'
import type { ComposeBody } from './compose-body.ts'

/** Updates the preview shortly after the typing pauses. Without a body there is nothing to preview. */
export function ComposePreviewPane(props: { body: ComposeBody | undefined }): ReactNode {
  const t = useText('messages')
  const textOf = useErrorText()
  const wanted = useSettled(JSON.stringify(props.body ?? null), 300)
  const body = useMemo(() => JSON.parse(wanted) as ComposeBody | null, [wanted])
  const isWanted = body !== null
  const read = useQuery({
    queryKey: ['/web/messages/preview', wanted],
    queryFn: () => api.post('/web/messages/preview', body as ComposeBody),
    enabled: isWanted,
    placeholderData: before => before,
    retry: false,
  })
  return (
    <section aria-label={t('preview')} aria-live="polite">
      {!isWanted ? <EmptyState title={t('previewEmpty')} /> : null}
      {isWanted && read.error ? (
        <Alert type="warning" showIcon title={textOf(read.error)} style={{ marginBottom: 12 }} />
      ) : null}
      {isWanted && read.data && !read.error ? <PreviewCard preview={read.data.preview} /> : null}
    </section>
  )
}
