import { Type } from 'typebox'
import { settingsSection } from '../../platform/manifest/settings-section.ts'
import { receiversOf } from './receiver-store.ts'
import { receiverShape } from './receiver-view.ts'
import { addReceiver, type NewReceiver, type SiemNeeds, setReceiver } from './receivers.ts'

const { id, name, transport, address, format, framing, language, pen, isOn } = receiverShape
const pem = Type.Optional(Type.String({ maxLength: 20_000 }))

const nothing = { name: '', transport: '', address: '', format: '', framing: '', language: '', pen: 0 }

/** Receivers of the audit log without their keys, which are given on the page or by the command. Programs cannot change them. */
export const receiverSection = settingsSection({
  key: 'id',
  byPeople: { ...nothing, ca: null, certificate: null, isOn: null },
  shape: Type.Object(
    {
      id: Type.Optional(id),
      name,
      transport: Type.Optional(transport),
      address: Type.Optional(address),
      format: Type.Optional(format),
      framing: Type.Optional(framing),
      language: Type.Optional(language),
      pen: Type.Optional(pen),
      ca: pem,
      certificate: pem,
      isOn: Type.Optional(isOn),
    },
    { additionalProperties: false },
  ),
  async read({ db }: SiemNeeds, corpId) {
    return (await receiversOf(db, corpId)).map(one => ({
      id: one.id,
      name: one.name,
      transport: one.transport,
      address: one.address,
      format: one.format,
      framing: one.framing,
      language: one.language,
      pen: one.pen,
      ca: one.ca ?? '',
      certificate: one.certificate ?? '',
      isOn: one.isOn,
    }))
  },
  add: (ctx, actor, corpId, { id: _id, ...item }) =>
    addReceiver(ctx, actor, corpId, { transport: 'tls', address: '', ...item } as NewReceiver),
  set: (ctx, actor, corpId, key, change) => setReceiver(ctx, actor, corpId, key, change),
})
