/** Who may read and write the records of a process, and which plug-in brings them; as shipped (servicenow-core 11.2). */
interface ProcessAccess {
  readonly readers: readonly string[]
  readonly writers: readonly string[]
  readonly plugins: readonly string[]
}

export const INCIDENT_ACCESS: ProcessAccess = {
  readers: ['itil', 'sn_incident_read'],
  writers: ['itil', 'sn_incident_write'],
  plugins: ['com.snc.incident'],
}

export const CHANGE_ACCESS: ProcessAccess = {
  readers: ['itil', 'sn_change_read'],
  writers: ['itil', 'sn_change_write'],
  plugins: ['com.snc.change_management'],
}

export const REQUEST_ACCESS: ProcessAccess = {
  readers: ['itil', 'sn_request_read'],
  writers: ['itil', 'sn_request_write'],
  plugins: ['com.glideapp.servicecatalog'],
}

export const PROBLEM_ACCESS: ProcessAccess = {
  readers: ['itil', 'sn_problem_read'],
  writers: ['itil', 'sn_problem_write'],
  plugins: ['com.snc.problem'],
}
