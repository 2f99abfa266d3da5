"""Projects (自治项目) carry resolutions out, with their money, milestones and evaluation."""
