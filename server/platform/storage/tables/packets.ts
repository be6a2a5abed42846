/** The tables of packet encryption; migrations/ explains the columns. */
export type PacketTables = {
  packet_device: {
    corp_id: string
    dev_id: string
    device_id: string
    master_key: string
    registered_at: Date
    used_at: Date | null
  }
  packet_session: {
    corp_id: string
    id: string
    dev_id: string
    device_id: string
    suite: 'gcm' | 'md5'
    nonce: string
    created_at: Date
    expires_at: Date
  }
  packet_nonce: { corp_id: string; owner: string; nonce: string; ends_at: Date }
}
