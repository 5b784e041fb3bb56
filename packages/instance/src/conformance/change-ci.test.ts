import { expect } from 'vitest'
import { changeRoom } from './change-room.ts'
import { DEMO } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

const { call, create, room } = changeRoom()

test('affected ones are added by a worker; the services above them are impacted', async () => {
  const { sys_id: id } = await create()
  const [server] = DEMO.configurationItems.north
  const { sys_id: type } = await room().create('cmdb_rel_type', { name: 'Test::Tested by' })
  await room().create('cmdb_rel_ci', { parent: DEMO.services[2].sysId, child: server.sysId, type })
  const sent = { association_type: 'affected', cmdb_ci_sys_ids: [server.sysId, 'nothing'], refresh_impacted_services: true }
  const { status, body } = await call('POST', `/${id.value}/ci`, sent)
  expect(status).toBe(202)
  expect(body.result).toMatchObject({ state: { value: 1, display_value: 'Waiting' }, type: 'affected', messages: { errorMessages: [] } })
  const link = new URL(body.result.worker.link)
  const worker = (await room().call('GET', link.pathname)).body.result
  expect(worker).toMatchObject({
    state: { value: 4, display_value: 'Error' },
    messages: { errorMessages: ['Configuration item nothing does not exist'] },
  })
  const affected = (await call('GET', `/${id.value}/ci?association_type=affected`)).body.result
  expect(affected).toMatchObject([{ ci_item: { display_value: 'NORTH-SRV-01', value: server.sysId } }])
  const impacted = (await call('GET', `/${id.value}/ci?association_type=impacted`)).body.result
  expect(impacted).toMatchObject([{ cmdb_ci_service: { value: DEMO.services[2].sysId } }])
  expect((await call('GET', `/${id.value}/ci`)).status).toBe(400)
})
