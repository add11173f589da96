// Silences n8n-core, which logs every failed node; tests read failures from the execution data instead.
process.env.N8N_LOG_LEVEL = 'silent';
