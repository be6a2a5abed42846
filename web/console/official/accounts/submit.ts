import { App } from 'antd'
import { api } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import type { FieldsOf } from '../../../ui/data/form-act.ts'
import type { AccountValues } from './account-fields.tsx'
import type { IconValue } from './icon-field.tsx'

/** How the calls name their inputs. */
export const fieldsOfAccount: FieldsOf = {
  named: Object.fromEntries(
    (['name', 'originalId', 'appId', 'secret', 'callbackToken', 'encodingAesKey'] as const).map(name => [
      name,
      name,
    ]),
  ),
}

/** Returns a function that makes the input of the calls; a new icon is uploaded first. Undefined when that failed and was told. */
export function useInput() {
  const { message } = App.useApp()
  const textOf = useErrorText()
  return async (values: AccountValues) => {
    try {
      return await inputOf(values)
    } catch (error) {
      void message.error(textOf(error), 6)
      return undefined
    }
  }
}

async function inputOf(values: AccountValues) {
  const { icon, verified, name, originalId, appId, secret, callbackToken, encodingAesKey, ...rest } = values
  return {
    ...rest,
    name: name.trim(),
    originalId: originalId.trim(),
    appId: appId.trim(),
    secret: secret?.trim() ?? '',
    verified: verified ? '1' : '0',
    iconHash: (await uploaded(icon)) ?? '',
    callbackToken: callbackToken?.trim() ?? '',
    encodingAesKey: encodingAesKey?.trim() ?? '',
  } as const
}

async function uploaded(icon: IconValue): Promise<string | undefined> {
  if (!(icon instanceof Blob)) return icon
  return (await api.post('/web/files/upload', { use: 'icon', content: await base64Of(icon) })).hash
}

function base64Of(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => {
      const url = String(reader.result)
      resolve(url.slice(url.indexOf(',') + 1))
    }
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}
