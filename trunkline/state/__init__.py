"""What a stack's backend holds, read without Pulumi's engine and never written."""
