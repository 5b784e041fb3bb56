import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'

export function attachmentCases({ sdk, make }: Ground): CasesOf<'attachment'> {
  const uploadFile = async () => {
    const sysId = await make('incident')
    return {
      record: sysId,
      ...(await sdk.attachment.upload({ table: 'incident', sysId, name: 'a.txt', contentType: 'text/plain', body: new Blob(['hello']) })),
    }
  }
  return {
    'attachment.list': async () => {
      const { record, sys_id } = await uploadFile()
      return { input: { recordIds: [record] }, answer: { rows: [{ sys_id }] } }
    },
    'attachment.get': async () => {
      const { sys_id } = await uploadFile()
      return { input: { sysId: sys_id }, answer: { file_name: 'a.txt' } }
    },
    'attachment.download': async () => ({ input: { sysId: (await uploadFile()).sys_id }, answer: { name: 'a.txt', size: 5 } }),
    'attachment.upload': async () => ({
      input: { table: 'incident', sysId: await make('incident'), name: 'b.txt', contentType: 'text/plain', body: new Blob(['b']) },
      answer: { file_name: 'b.txt', size_bytes: '1' },
    }),
    'attachment.delete': async () => ({ input: { sysId: (await uploadFile()).sys_id }, answer: { deleted: true } }),
  }
}
