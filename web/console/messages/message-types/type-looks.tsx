import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { api, type CallInput } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { MemberPicker, type PickedMember, useSettled } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { fieldName } from '../field-name.ts'
import { PreviewCard } from '../previews.tsx'
import type { Definition } from './type-values.ts'
import './types.css'

const path = '/web/message-types/preview'

/** What the server makes of a definition for a receiver, shortly after the typing pauses. */
export function useLooks(definition: Definition, userId: string | undefined) {
  const wanted = useSettled(JSON.stringify({ definition, ...(userId ? { userId } : {}) }), 300)
  const body = useMemo(() => JSON.parse(wanted) as CallInput<typeof path>, [wanted])
  return useQuery({
    queryKey: [path, wanted],
    queryFn: () => api.post(path, body),
    placeholderData: before => before,
    retry: false,
  })
}

/** Each text of a type as a member will see it, each channel beside the others. */
export function TypeLooks(props: { definition: Definition }): ReactNode {
  const t = useText('message-types')
  const messages = useText('messages')
  const textOfError = useErrorText()
  const [receiver, setReceiver] = useState<PickedMember[]>([])
  const { data, error } = useLooks(props.definition, receiver[0]?.userId)
  return (
    <section aria-label={t('looks')}>
      <div className="wisp-type-receiver">
        <span>{t('receiver')}</span>
        <div>
          <MemberPicker single value={receiver} onChange={setReceiver} />
        </div>
        {receiver.length === 0 && data ? <span className="wisp-quiet">{data.member}</span> : null}
      </div>
      {error ? (
        <Alert type="warning" showIcon title={textOfError(error)} style={{ marginBottom: 12 }} />
      ) : null}
      <div className="wisp-type-looks" aria-live="polite">
        {data?.texts.map(({ channel, language, preview, why, truncated }) => (
          <div key={`${channel} ${language}`}>
            <div className="wisp-quiet">{t(`lang_${language}`)}</div>
            {preview ? <PreviewCard preview={preview} /> : null}
            {why ? <Alert type="warning" showIcon title={t('notShown')} description={why} /> : null}
            {truncated.length > 0 ? (
              <Alert
                type="info"
                title={t('truncated', {
                  fields: truncated.map(field => fieldName(messages, field)).join('、'),
                })}
              />
            ) : null}
          </div>
        ))}
      </div>
    </section>
  )
}
